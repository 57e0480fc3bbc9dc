/* Lists the regular files below some folders, with one thread.
 *
 * For: floor.c.
 * Never: following a symbolic link, sorting, or opening a file. */

#ifndef FLOOR_TREE_H
#define FLOOR_TREE_H

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Names one after the other, each with its NUL, and the offset of each. */
typedef struct {
    char *text;
    size_t length, capacity;
    size_t *starts;
    size_t count, places;
} names;

typedef struct {
    names folders, files;
    size_t *folder_of_file;
    size_t places;
} tree;

static void *grow(void *old, size_t count, size_t size) {
    void *grown = realloc(old, count * size);
    if (grown == NULL) {
        fputs("floor: out of memory\n", stderr);
        exit(1);
    }
    return grown;
}

static void add_name(names *list, const char *front, const char *name) {
    size_t first = strlen(front), second = strlen(name), length = first + (first > 0) + second + 1;
    if (list->capacity - list->length < length) {
        list->capacity = list->capacity * 2 + length;
        list->text = grow(list->text, list->capacity, 1);
    }
    if (list->count == list->places) {
        list->places = list->places * 2 + 64;
        list->starts = grow(list->starts, list->places, sizeof *list->starts);
    }
    list->starts[list->count++] = list->length;
    char *to = list->text + list->length;
    if (first > 0) {
        memcpy(to, front, first);
        to[first++] = '/';
    }
    memcpy(to + first, name, second + 1);
    list->length += length;
}

static const char *name_at(const names *list, size_t place) { return list->text + list->starts[place]; }

static void add_file(tree *found, size_t folder, const char *name) {
    if (found->files.count == found->places) {
        found->places = found->places * 2 + 64;
        found->folder_of_file = grow(found->folder_of_file, found->places, sizeof *found->folder_of_file);
    }
    found->folder_of_file[found->files.count] = folder;
    add_name(&found->files, "", name);
}

/* Lists one folder. Folders in it are appended to the list of folders. False if it cannot be opened. */
static bool list_folder(tree *found, size_t folder) {
    DIR *entries = opendir(name_at(&found->folders, folder));
    if (entries == NULL) {
        return false;
    }
    const struct dirent *entry;
    while ((entry = readdir(entries)) != NULL) {
        bool is_folder = entry->d_type == DT_DIR, is_file = entry->d_type == DT_REG;
        if (entry->d_type == DT_UNKNOWN) {
            struct stat status;
            if (fstatat(dirfd(entries), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0) {
                is_folder = S_ISDIR(status.st_mode);
                is_file = S_ISREG(status.st_mode);
            }
        }
        if (is_file) {
            add_file(found, folder, entry->d_name);
        } else if (is_folder && strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            /* A copy: the text of the list may move while it grows. */
            char *front = strdup(name_at(&found->folders, folder));
            if (front == NULL) {
                break;
            }
            add_name(&found->folders, front, entry->d_name);
            free(front);
        }
    }
    closedir(entries);
    return true;
}

/* Lists everything below the folders that were added; returns the number of folders that could not be listed. */
static uint64_t list_tree(tree *found) {
    uint64_t failures = 0;
    for (size_t folder = 0; folder < found->folders.count; folder++) {
        failures += !list_folder(found, folder);
    }
    return failures;
}

static void free_tree(tree *found) {
    free(found->folders.text);
    free(found->folders.starts);
    free(found->files.text);
    free(found->files.starts);
    free(found->folder_of_file);
}

#endif
