# Builds, shows, tests and checks tagsniff. `make` alone lists what there is.
#
# For: a fresh machine with a Python that pyproject.toml allows, a C compiler, make, and the headers of Python and zlib.
# Never: touch anything outside this folder (`make wheel` uses a temporary folder and removes it), or rely on a step
# that was run before: each target makes what it needs, and makes it again when its sources changed.

PYTHON ?= python3
VENV ?= .venv
CC ?= cc
DIR ?=
PYTEST_ARGS ?=
BENCH_ARGS ?=
NAME ?=
# One process on each core; a core that has nothing left to do takes tests from another one.
PARALLEL ?= -n auto --dist worksteal
CORES := $(shell getconf _NPROCESSORS_ONLN)
# For a make within make: one job on each core, if -j does not say already how many.
JOBS := $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(CORES))
SECONDS ?= 60
FUZZ_CC ?= clang
export DIR

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Folders are listed too: their times change when a file is added or removed. "profiles" alone is the name of a target,
# which is made each time, and all behind it; the time of src/ itself changes with each build.
SOURCES := setup.py pyproject.toml MANIFEST.in profiles/. \
	$(filter-out profiles,$(shell find csrc src/tagsniff profiles -name __pycache__ -prune -o \( -type d -o -type f \) -print))
C_FORMATTED := $(wildcard csrc/*/*.[ch] tests/fuzz/*.[ch] benchmarks/floor/*.[ch] benchmarks/peers/*.[ch]pp)
PAGE := src/tagsniff/writers/review_page
PRETTY := $(PAGE)/source $(PAGE)/build.mjs tests/writers/review_page tests/review_page benchmarks/*.mjs docs/*.mjs \
	package.json tsconfig.json
WARNINGS := -std=c11 -O2 -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Werror
# The requirements of extras, without building the package again: pyproject.toml is the only list. Those of the extra
# gdcm and sitk are left out on free-threaded Python, for which these have no wheel.
EXTRA := $(BIN)/python -c 'import sys, sysconfig, tomllib; \
	extras = tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]; \
	extras |= {"gdcm": [], "sitk": []} if sysconfig.get_config_var("Py_GIL_DISABLED") else {}; \
	print(*(line for name in sys.argv[1:] for line in extras[name]), sep="\n")'

.PHONY: help demo test test-pydicom test-sanitize test-threads fuzz fuzzers coverage-c lint format wheel install-c bench bench-record bench-name \
	bench-publish dictionary page pictures profiles clean

help:
	@echo 'make demo             build, then inventory, before and final of the files that the wheel of pydicom carries'
	@echo 'make demo DIR=/path   the same over your own folder'
	@echo 'make test             build, then the whole suite: about seven minutes on two cores (PYTEST_ARGS=... for more)'
	@echo 'make test-pydicom     the tests that pydicom has for its reader, with the backend in its place'
	@echo 'make lint             ruff, mypy, stubtest, cython-lint, tsc, prettier, clang-format, compiler warnings'
	@echo 'make format           let the formatters write'
	@echo 'make install-c        the C core as a shared library, with headers and pkg-config file (PREFIX=/usr/local)'
	@echo 'make wheel            sdist and wheel into dist/, and the suite on the installed wheel'
	@echo 'make bench            the benchmarks of pytest'
	@echo 'make bench-record NAME=...  the targets and the other tools, recorded in benchmarks/runs (BENCH_ARGS=... for sizes)'
	@echo 'make bench-publish    the table and the plot of the README from the latest recorded run'
	@echo 'make test-sanitize    what reaches csrc/, under the address and undefined behaviour sanitizers (gcc, Linux)'
	@echo 'make test-threads     scans, searches and tables in 4 to 32 threads, under the thread sanitizer (gcc, Linux)'
	@echo 'make fuzz SECONDS=60  libFuzzer on csrc/, changed real files against pydicom, and collections (clang)'
	@echo 'make coverage-c       the lines and branches of csrc/ that the suite runs through (gcc)'
	@echo 'make dictionary       generate the dictionary of csrc/ again'
	@echo 'make page             build the script and the style of the review page again (node and npm)'
	@echo 'make pictures         draw the pictures of docs/review.md again (node, npm and chromium)'
	@echo 'make profiles         generate the shipped profiles again'
	@echo 'make clean            remove all of the above'
	@echo
	@echo 'PYTHON=python3.12 chooses the Python; VENV=.venv the folder of the virtual environment.'

$(VENV)/.created:
	@echo '== creating $(VENV)'
	@$(PYTHON) -c 'import re, sys; v = sys.version_info[:2]; \
		bounds = re.search(r"requires-python = .>=3\.(\d+),<3\.(\d+)", open("pyproject.toml").read()).groups(); \
		first, last = int(bounds[0]), int(bounds[1]) - 1; \
		message = "Python 3.%d to 3.%d is needed, this is %d.%d: set PYTHON=..." % ((first, last) + v); \
		sys.exit(None if (3, first) <= v <= (3, last) else message)'
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.package: $(VENV)/.created $(SOURCES)
	@printf '#include <Python.h>\n#include <zlib.h>\n' | \
		$(CC) -E -I"$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("include"))')" - > /dev/null || \
		{ echo 'A C compiler and the headers of Python and zlib are needed' \
		       '(Debian: gcc python3-dev zlib1g-dev; Fedora: gcc python3-devel zlib-devel).' >&2; exit 1; }
	@echo '== building the package and installing it into $(VENV)'
	@rm -rf build src/tagsniff.egg-info
	@$(PIP) install .
	@touch $@

# .demo, .test, .lint, .bench: the requirements of that extra.
$(VENV)/.demo $(VENV)/.test $(VENV)/.lint $(VENV)/.bench: $(VENV)/.created pyproject.toml
	@echo '== installing what "$(patsubst .%,%,$(notdir $@))" needs into $(VENV)'
	@$(EXTRA) $(patsubst .%,%,$(notdir $@)) $(if $(filter %/.test,$@),gdcm proof sitk) > $@.txt
	@$(PIP) install -r $@.txt
	@touch $@

demo: $(VENV)/.package $(VENV)/.demo
	@$(BIN)/python docs/demo.py

# Outside continuous integration, the tests of the review page's script are skipped if node_modules is not there.
test: $(VENV)/.package $(VENV)/.test $(if $(CI)$(TAGSNIFF_CI),node_modules/.package-lock.json)
	@echo '== running the suite: about seven minutes on two cores'
	@$(BIN)/pytest $(PARALLEL) $(PYTEST_ARGS)

# pip fetches the source distribution of pydicom, which holds its tests, into a folder that is removed again.
test-pydicom: $(VENV)/.package $(VENV)/.test
	@$(BIN)/python tests/backends/pydicom_suite.py

# stubtest passes over three names that Cython adds, and two classes that only the extension uses; cython-lint looks for
# pycodestyle on PATH.
lint: $(VENV)/.package $(VENV)/.lint node_modules/.package-lock.json
	@echo '== ruff'
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@echo '== mypy (strict) and stubtest'
	@$(BIN)/mypy
	@printf '%s\n' '.*\.__reduce_cython__' '.*\.__setstate_cython__' '.*\.__radd__' \
		'tagsniff\._core\.T(ablesView|akenTable)' | \
		$(BIN)/stubtest --ignore-disjoint-bases --ignore-unused-allowlist --allowlist /dev/stdin tagsniff._core
	@echo '== cython-lint'
	@PATH="$$(cd $(BIN) && pwd):$$PATH" cython-lint src/tagsniff
	@echo '== tsc (strict) and prettier'
	@node_modules/.bin/tsc -p .
	@node_modules/.bin/prettier --check --log-level warn $(PRETTY)
	@echo '== clang-format'
	@$(BIN)/clang-format --dry-run -Werror $(C_FORMATTED)
	@echo '== compiler warnings'
	@printf '%s\n' csrc/*/*.c tests/fuzz/*.c benchmarks/floor/*.c | \
		xargs -P $(CORES) -n 1 $(CC) $(WARNINGS) -Icsrc -c -o /dev/null

format: $(VENV)/.lint node_modules/.package-lock.json
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .
	@$(BIN)/clang-format -i $(C_FORMATTED)
	@node_modules/.bin/prettier --write --log-level warn $(PRETTY)

# The wheel is made from the sdist, so that a file missing there is noticed. The suite runs in a folder that holds the
# tests and their settings only.
wheel: $(VENV)/.created
	@rm -rf build dist src/tagsniff.egg-info
	@place=$$(mktemp -d) && trap 'rm -rf "$$place"' EXIT && trap 'exit 1' INT TERM && \
	echo '== building dist/' && \
	$(PYTHON) -m venv "$$place/venv" && \
	"$$place/venv/bin/python" -m pip --disable-pip-version-check --quiet install build && \
	"$$place/venv/bin/python" -m build --outdir dist . > "$$place/log" 2>&1 || { cat "$$place/log"; exit 1; }; \
	$(EXTRA) test gdcm sitk > "$$place/test.txt" && \
	cp -R tests pyproject.toml "$$place" && \
	echo '== installing the wheel into a fresh environment' && \
	"$$place/venv/bin/python" -m pip --disable-pip-version-check --quiet install dist/*.whl -r "$$place/test.txt" && \
	echo '== running the suite on the installed wheel' && \
	cd "$$place" && venv/bin/pytest $(PYTEST_ARGS)

# The core as a shared library for programs in C, with its headers and a file for pkg-config. Names of functions may
# change with each version 0.x, so that the name of the library has both numbers. C_FLAGS are those of the compiler.
PREFIX ?= /usr/local
C_FLAGS ?= -O3 -flto
C_VERSION := $(shell sed -n 's/^__version__ = "\(.*\)"/\1/p' src/tagsniff/__init__.py)
C_SONAME := libtagsniff.so.$(basename $(C_VERSION))
C_SOURCES := $(filter-out csrc/example/%,$(wildcard csrc/*/*.c))

install-c:
	@place=$$(mktemp -d) && trap 'rm -rf "$$place"' EXIT && trap 'exit 1' INT TERM && \
	echo '== building libtagsniff.so.$(C_VERSION)' && \
	$(CC) -std=c11 $(C_FLAGS) -fPIC -shared -Icsrc -Wl,-soname,$(C_SONAME) -Wl,--no-undefined \
		-o "$$place/libtagsniff.so.$(C_VERSION)" $(C_SOURCES) -lz && \
	echo '== installing it into $(DESTDIR)$(PREFIX)' && \
	for header in $(patsubst csrc/%,%,$(wildcard csrc/*/*.h)); do \
		install -D -m 644 "csrc/$$header" "$(DESTDIR)$(PREFIX)/include/tagsniff/$$header" || exit 1; \
	done && \
	install -D -m 755 "$$place/libtagsniff.so.$(C_VERSION)" "$(DESTDIR)$(PREFIX)/lib/libtagsniff.so.$(C_VERSION)" && \
	ln -sf libtagsniff.so.$(C_VERSION) "$(DESTDIR)$(PREFIX)/lib/$(C_SONAME)" && \
	ln -sf $(C_SONAME) "$(DESTDIR)$(PREFIX)/lib/libtagsniff.so" && \
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(C_VERSION)|' csrc/tagsniff.pc.in > "$$place/tagsniff.pc" && \
	install -D -m 644 "$$place/tagsniff.pc" "$(DESTDIR)$(PREFIX)/lib/pkgconfig/tagsniff.pc"

bench: $(VENV)/.package $(VENV)/.test
	@$(BIN)/pytest benchmarks --benchmark-enable --benchmark-only $(PYTEST_ARGS)

# Some ten minutes on an idle machine. The page cache is emptied where that is allowed.
bench-record: bench-name $(VENV)/.package $(VENV)/.bench
	@$(BIN)/python benchmarks/record.py '$(NAME)' $(BENCH_ARGS)

bench-name:
	@test -n '$(NAME)' || { echo 'NAME=... is the subject of the run, such as targets' >&2; exit 2; }

bench-publish: $(VENV)/.bench
	@$(BIN)/python benchmarks/publish.py

# A folder or file of tests/ is run under the sanitizers unless it is named here, so that a new one is. Those that are named
# give csrc/ no bytes, paths or limits of their own: they test Python alone (the folders do), or write reports of a few valid
# files; or they run programs that they compile, with the sanitizers where they matter; or they take real files and written
# cases through Python that is slow, where other files take the same through the same C (for values_reference: find, arrow
# and merge; for the backends: reference, prefixes and feeding, and for changed bytes the fuzzers).
NOT_SANITIZED := cli output profile review_page \
	backends/test_gdcm.py backends/test_pydicom.py dicom/test_charset.py dicom/test_notation.py dicom/test_value_text.py \
	report/test_collisions.py report/test_inventory_report.py report/test_redaction.py report/test_sharing.py \
	report/test_value_report.py report/test_values_reference.py scanning/test_saved_scan.py \
	security/test_attacks_outputs.py security/test_memory_runs_out.py security/test_saved_scan_hostile.py \
	source/test_walk.py writers/test_review_html.py writers/test_writers.py test_architecture.py test_benchmark_collection.py \
	test_benchmark_comparison.py test_c_interface.py test_docs.py test_code_rules.py test_python_versions.py test_threads.py \
	test_demo.py test_types.py
# Python's own allocator hides a read after the end of a small object: the files that give such objects to the parser run
# with malloc, and only so, because what is seen without it is seen with it. The whole suite would take three times as long.
BYTES_IN_MEMORY := parse/test_encoding.py parse/test_feeding.py security/test_attacks_work.py \
	security/test_hostile_lengths.py

# The requirements are those of $(VENV), which comes later on the path of modules. It is built in a copy of the sources,
# because the build of $(VENV) uses build/ too.
$(VENV)-sanitize/.package: SANITIZERS := address,undefined
$(VENV)-threads/.package: SANITIZERS := thread
$(VENV)-sanitize/.package $(VENV)-threads/.package: $(VENV)/.created $(SOURCES)
	@echo '== building the package with the sanitizers $(SANITIZERS) and installing it into $(@D)'
	@rm -rf $(@D)
	@$(PYTHON) -m venv --without-pip $(@D)
	@site() { $$1/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))'; }; \
		site $(VENV) > "$$(site $(@D))/requirements.pth"
	@mkdir $(@D)/source
	@cp -R csrc src profiles setup.py pyproject.toml MANIFEST.in README.md LICENSE NOTICE $(@D)/source
	@TAGSNIFF_SANITIZE=$(SANITIZERS) $(PIP) --python $(@D)/bin/python install --no-deps --ignore-installed $(@D)/source
	@touch $@

# The sanitizers' runtime must be loaded before Python, and what they report before they end the process is lost if pytest
# captures the file descriptor.
test-sanitize: $(VENV)-sanitize/.package $(VENV)/.test
	@echo '== running the suite with the sanitizers'
	@export LD_PRELOAD="$$($(CC) -print-file-name=libasan.so) $$($(CC) -print-file-name=libubsan.so)" \
		ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1; \
	$(VENV)-sanitize/bin/python -m pytest --capture=sys $(PARALLEL) \
		$(addprefix --ignore=tests/,$(NOT_SANITIZED) $(BYTES_IN_MEMORY)) $(PYTEST_ARGS) && \
	echo '== running the tests of bytes in memory with the sanitizers and malloc' && \
	PYTHONMALLOC=malloc $(VENV)-sanitize/bin/python -m pytest --capture=sys $(PARALLEL) $(addprefix tests/,$(BYTES_IN_MEMORY))

# Python is not built with the thread sanitizer; its locks are those of the C library, which the runtime sees. The first
# report ends the run.
THREADED := scanning/test_many_workers.py scanning/test_workers.py test_threads.py
test-threads: $(VENV)-threads/.package $(VENV)/.test
	@echo '== running scans, searches and tables in many threads with the thread sanitizer'
	@LD_PRELOAD="$$($(CC) -print-file-name=libtsan.so)" \
		TSAN_OPTIONS=halt_on_error=1:exitcode=66 \
		$(VENV)-threads/bin/python -m pytest --capture=sys $(addprefix tests/,$(THREADED)) $(PYTEST_ARGS)

# The C core without the example, compiled once for all fuzzers. Each object is made again when a header that it includes
# changes. The fuzzer of memory links the same objects, which call its own malloc, calloc and realloc.
FUZZ_FLAGS := -std=c11 -g -O2 -fno-omit-frame-pointer -fsanitize=fuzzer,address,undefined \
	-fno-sanitize-recover=undefined -fsanitize-coverage-ignorelist=$(CURDIR)/tests/fuzz/not_instrumented.txt
FUZZERS := .fuzz/parse .fuzz/collect .fuzz/select .fuzz/memory
CORE_OBJECTS := $(patsubst csrc/%.c,.fuzz/core/%.o,$(filter-out csrc/example/%,$(wildcard csrc/*/*.c)))
FUZZ_OBJECTS := $(patsubst tests/fuzz/%.c,.fuzz/objects/%.o,$(filter-out tests/fuzz/replay.c,$(wildcard tests/fuzz/*.c)))

# An input that fails is a file in .fuzz/findings; the command that runs it again is printed.
fuzz: $(VENV)/.package $(VENV)/.test fuzzers
	@echo '== fuzzing for about $(SECONDS) seconds'
	@PYTHONPATH=tests/support $(BIN)/python tests/fuzz/run.py --place .fuzz --seconds $(SECONDS)

fuzzers:
	@command -v $(FUZZ_CC) > /dev/null || { echo '$(FUZZ_CC) with libFuzzer is needed (Debian: clang)' >&2; exit 1; }
	@echo '== building $(FUZZERS)'
	@$(MAKE) --no-print-directory $(JOBS) $(FUZZERS)

.fuzz/parse .fuzz/collect .fuzz/select: .fuzz/core.a
.fuzz/memory: .fuzz/core_failing.a
$(FUZZERS): .fuzz/%: .fuzz/objects/fuzz_%.o .fuzz/objects/fed_parse.o
	@$(FUZZ_CC) $(FUZZ_FLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) -lz

.fuzz/core.a: $(CORE_OBJECTS)
	@rm -f $@
	@ar qcs $@ $^

.fuzz/core_failing.a: .fuzz/core.a
	@objcopy $(foreach name,malloc calloc realloc,--redefine-sym $(name)=fuzz_$(name)) $< $@

.fuzz/core/%.o: csrc/%.c Makefile tests/fuzz/not_instrumented.txt
	@mkdir -p $(@D)
	@$(FUZZ_CC) $(FUZZ_FLAGS) -Icsrc -MMD -MP -c -o $@ $<

.fuzz/objects/%.o: tests/fuzz/%.c Makefile tests/fuzz/not_instrumented.txt
	@mkdir -p $(@D)
	@$(FUZZ_CC) $(FUZZ_FLAGS) -Icsrc -MMD -MP -c -o $@ $<

-include $(CORE_OBJECTS:.o=.d) $(FUZZ_OBJECTS:.o=.d)

coverage-c: $(SOURCES)
	@test -x $(VENV)-coverage/bin/python || $(PYTHON) -m venv $(VENV)-coverage
	@rm -rf build src/tagsniff.egg-info
	@TAGSNIFF_COVERAGE=1 $(VENV)-coverage/bin/python -m pip --disable-pip-version-check --quiet install '.[test,gdcm,sitk]' gcovr
	@status=0; \
	TAGSNIFF_COVERAGE_PLACE='$(CURDIR)/build/compiled' $(VENV)-coverage/bin/python -m pytest $(PARALLEL) $(PYTEST_ARGS) || \
		status=$$?; \
	for metric in line branch; do \
		$(VENV)-coverage/bin/gcovr --filter csrc/ --txt-metric $$metric --txt - build || status=$$?; \
	done; \
	rm -rf build; exit $$status

# What builds, checks and formats the script of the review page. The lock file has the digest of each package; no script
# of a package is run.
node_modules/.package-lock.json: package.json package-lock.json .npmrc
	@command -v npm > /dev/null || { echo 'node (20 and later) and npm are needed (Debian: nodejs npm)' >&2; exit 1; }
	@echo '== installing the packages of package.json into node_modules'
	@npm ci --ignore-scripts --silent
	@touch $@

page: node_modules/.package-lock.json
	@node $(PAGE)/build.mjs

# pydicom has the files, Pillow comes with what "bench" needs.
pictures: $(VENV)/.package $(VENV)/.bench node_modules/.package-lock.json
	@$(BIN)/python docs/pictures.py

dictionary:
	@$(PYTHON) csrc/dicom/generate_dictionary.py

profiles:
	@$(PYTHON) -B profiles/generator

clean:
	rm -rf node_modules $(VENV) $(VENV)-sanitize $(VENV)-threads $(VENV)-coverage .fuzz build dist demo src/tagsniff.egg-info .mypy_cache \
		.pytest_cache .ruff_cache .benchmarks .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
