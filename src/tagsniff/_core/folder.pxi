# Lists a folder as texts; a part of _core.pyx.
#
# For: walks. The interpreter lock is not held while the system lists.
# Never: a Python object for each entry; only for those that need a stat call.

cdef enum:
    ENTRIES_BETWEEN_SIGNALS = 4096


def list_folder(bytes path not None, set known_inodes not None):
    cdef ts_folder folder
    cdef int error
    cdef const char *c_path = path
    if b"\0" in path:
        raise ValueError("a path has no zero byte")
    ts_folder_begin(&folder)
    try:
        with nogil:
            error = ts_folder_open(&folder, c_path)
        if error == 0:
            error = read_folder(&folder)
        names = Texts()
        stat_indexes = list_stat_indexes(&folder, known_inodes)
        ts_pool_move(&(<Texts>names).pool, &folder.names)
        return names, stat_indexes, error
    finally:
        ts_folder_free(&folder)


cdef int read_folder(ts_folder *folder) except? -1:
    """Read all entries and sort them; return the errno of what failed, 0 if nothing did."""
    cdef int error = 0
    cdef c_bool is_more = True
    cdef bint is_ordered
    while is_more:
        PyErr_CheckSignals()
        with nogil:
            error = ts_folder_read(folder, ENTRIES_BETWEEN_SIGNALS, &is_more)
    with nogil:
        is_ordered = ts_folder_order(folder)
    if not is_ordered:
        raise MemoryError
    return error


cdef list list_stat_indexes(const ts_folder *folder, set known_inodes):
    cdef const ts_entry *entries = <const ts_entry *>folder.entries.items
    cdef bint knows_some = len(known_inodes) > 0
    stat_indexes = []
    for number in range(folder.entries.count):
        if not entries[number].is_file or (knows_some and entries[number].inode in known_inodes):
            stat_indexes.append(number)
    return stat_indexes
