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
WARNINGS := -std=c11 -O2 -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Werror
# The requirements of extras, without building the package again: pyproject.toml is the only list. Those of the extra
# gdcm are left out on free-threaded Python, for which it has no wheel.
EXTRA := $(BIN)/python -c 'import sys, sysconfig, tomllib; \
	extras = tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]; \
	extras["gdcm"] = [] if sysconfig.get_config_var("Py_GIL_DISABLED") else extras["gdcm"]; \
	print(*(line for name in sys.argv[1:] for line in extras[name]), sep="\n")'

.PHONY: help demo test test-pydicom test-sanitize fuzz coverage-c lint format wheel bench bench-record bench-name \
	bench-publish dictionary profiles clean

help:
	@echo 'make demo             build, then the inventory of the files that the wheel of pydicom carries'
	@echo 'make demo DIR=/path   the same over your own folder'
	@echo 'make test             build, then the whole suite (PYTEST_ARGS=... for more)'
	@echo 'make test-pydicom     the tests that pydicom has for its reader, with the backend in its place'
	@echo 'make lint             ruff, mypy, stubtest, cython-lint, clang-format, compiler warnings'
	@echo 'make format           let the formatters write'
	@echo 'make wheel            sdist and wheel into dist/, and the suite on the installed wheel'
	@echo 'make bench            the benchmarks of pytest'
	@echo 'make bench-record NAME=...  the targets and the other tools, recorded in benchmarks/runs (BENCH_ARGS=... for sizes)'
	@echo 'make bench-publish    the table and the plot of the README from the latest recorded run'
	@echo 'make test-sanitize    what reaches csrc/, under the address and undefined behaviour sanitizers (gcc, Linux)'
	@echo 'make fuzz SECONDS=60  libFuzzer on csrc/, and changed real files against pydicom (clang)'
	@echo 'make coverage-c       the lines and branches of csrc/ that the suite runs through (gcc)'
	@echo 'make dictionary       generate the dictionary of csrc/ again'
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
	@$(EXTRA) $(patsubst .%,%,$(notdir $@)) $(if $(filter %/.test,$@),gdcm) > $@.txt
	@$(PIP) install -r $@.txt
	@touch $@

demo: $(VENV)/.package $(VENV)/.demo
	@mkdir -p demo
	@folder="$$DIR"; \
	if [ -z "$$folder" ]; then \
		folder=$$($(BIN)/python -c 'import importlib.util as u; \
			print(u.find_spec("pydicom").submodule_search_locations[0] + "/data/test_files")') || exit 1; \
	fi; \
	incomplete=0; \
	run() { \
		printf '== tagsniff'; printf ' %s' "$$@"; printf '\n'; \
		status=0; $(BIN)/tagsniff "$$@" || status=$$?; \
		case $$status in \
		0) ;; \
		3) incomplete=1; \
		   echo 'exit status 3: some files could not be read to their end; they are listed in demo/exclusions.csv';; \
		*) echo "exit status $$status" >&2; exit $$status;; \
		esac; \
	}; \
	run inventory "$$folder" -o demo/inventory.txt --exclusions demo/exclusions.csv --force; \
	run inventory "$$folder" --by-creator --format csv -o demo/by_creator.csv --exclusions demo/exclusions.csv \
		--force; \
	echo '== demo/inventory.txt: every tag once; its first lines'; head -n 5 demo/inventory.txt; \
	echo '== demo/by_creator.csv: every identity; the first private ones'; \
	head -n 1 demo/by_creator.csv; grep '""' demo/by_creator.csv | head -n 4; \
	echo '== demo/exclusions.csv: what was not read, or not to its end'; head -n 5 demo/exclusions.csv; \
	echo "== $$(wc -l < demo/inventory.txt | tr -d ' ') tags; the three files are in demo/"; \
	if [ $$incomplete = 1 ] && [ -z "$$DIR" ]; then \
		echo '== status 3 is right here: some files of this collection are broken on purpose'; \
	fi

test: $(VENV)/.package $(VENV)/.test
	@echo '== running the suite'
	@$(BIN)/pytest $(PARALLEL) $(PYTEST_ARGS)

# pip fetches the source distribution of pydicom, which holds its tests, into a folder that is removed again.
test-pydicom: $(VENV)/.package $(VENV)/.test
	@$(BIN)/python tests/backends/pydicom_suite.py

# Cython adds the two names that stubtest is told to pass over; cython-lint looks for pycodestyle on PATH.
lint: $(VENV)/.package $(VENV)/.lint
	@echo '== ruff'
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@echo '== mypy (strict) and stubtest'
	@$(BIN)/mypy
	@printf '%s\n' '.*\.__reduce_cython__' '.*\.__setstate_cython__' | \
		$(BIN)/stubtest --ignore-disjoint-bases --ignore-unused-allowlist --allowlist /dev/stdin tagsniff._core
	@echo '== cython-lint'
	@PATH="$$(cd $(BIN) && pwd):$$PATH" cython-lint src/tagsniff
	@echo '== clang-format'
	@$(BIN)/clang-format --dry-run -Werror $(C_FORMATTED)
	@echo '== compiler warnings'
	@for file in csrc/*/*.c tests/fuzz/*.c benchmarks/floor/*.c; do $(CC) $(WARNINGS) -Icsrc -c -o /dev/null "$$file" || exit 1; done

format: $(VENV)/.lint
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .
	@$(BIN)/clang-format -i $(C_FORMATTED)

# The wheel is made from the sdist, so that a file missing there is noticed. The suite runs in a folder that holds the
# tests and their settings only.
wheel: $(VENV)/.created
	@rm -rf build dist src/tagsniff.egg-info
	@place=$$(mktemp -d) && trap 'rm -rf "$$place"' EXIT && trap 'exit 1' INT TERM && \
	echo '== building dist/' && \
	$(PYTHON) -m venv "$$place/venv" && \
	"$$place/venv/bin/python" -m pip --disable-pip-version-check --quiet install build && \
	"$$place/venv/bin/python" -m build --outdir dist . > "$$place/log" 2>&1 || { cat "$$place/log"; exit 1; }; \
	$(EXTRA) test gdcm > "$$place/test.txt" && \
	cp -R tests pyproject.toml "$$place" && \
	echo '== installing the wheel into a fresh environment' && \
	"$$place/venv/bin/python" -m pip --disable-pip-version-check --quiet install dist/*.whl -r "$$place/test.txt" && \
	echo '== running the suite on the installed wheel' && \
	cd "$$place" && venv/bin/pytest $(PYTEST_ARGS)

bench: $(VENV)/.package $(VENV)/.test
	@$(BIN)/pytest benchmarks --benchmark-enable --benchmark-only $(PYTEST_ARGS)

# Some ten minutes on an idle machine. The page cache is emptied where that is allowed.
bench-record: bench-name $(VENV)/.package $(VENV)/.bench
	@$(BIN)/python benchmarks/record.py '$(NAME)' $(BENCH_ARGS)

bench-name:
	@test -n '$(NAME)' || { echo 'NAME=... is the subject of the run, such as targets' >&2; exit 2; }

bench-publish: $(VENV)/.bench
	@$(BIN)/python benchmarks/publish.py

# A test file is run under the sanitizers unless it is named here, so that a new one is. Named is what gives csrc/ no bytes,
# paths or limits of its own: it tests Python alone, or writes reports of a few files that are right; it runs programs that
# it compiles, with the sanitizers where they matter; or it takes real files and written cases through Python that is slow
# where other files take the same through the same C (of values_reference: find, scan_arrow and merge; of the backends:
# reference, prefixes and feeding, and of changed bytes the fuzzers).
NOT_SANITIZED := backends/test_gdcm.py backends/test_pydicom.py cli/test_cli.py cli/test_find_command.py \
	cli/test_outputs.py cli/test_value_commands.py dicom/test_charset.py dicom/test_notation.py \
	dicom/test_value_text.py output/test_atomic_file.py profile/test_profile_files.py profile/test_shipped_rows.py \
	profile/test_profile_resolution.py profile/test_shipped_profiles.py report/test_collisions.py \
	report/test_inventory_report.py report/test_redaction.py report/test_sharing.py report/test_value_report.py \
	report/test_values_reference.py scanning/test_saved_scan.py security/test_attacks_outputs.py \
	security/test_memory_runs_out.py security/test_saved_scan_hostile.py source/test_walk.py writers/test_writers.py \
	test_benchmark_collection.py test_benchmark_comparison.py test_c_interface.py test_docs.py test_house.py \
	test_python_versions.py test_threads.py
# Python's own allocator hides a read beyond the end of a small object: the files that give such objects to the parser run
# with malloc, under which the suite would take three times as long, and only so: what is seen without is seen with it.
BYTES_IN_MEMORY := parse/test_encoding.py parse/test_feeding.py security/test_attacks_work.py \
	security/test_hostile_lengths.py

# The requirements are those of $(VENV), which stands behind on the path of modules. The sanitizers' runtime must be loaded
# before Python, and what they report before they end the process is lost if pytest captures the file descriptor.
test-sanitize: $(SOURCES) $(VENV)/.test
	@rm -rf $(VENV)-sanitize build src/tagsniff.egg-info
	@$(PYTHON) -m venv --without-pip $(VENV)-sanitize
	@site() { $$1/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))'; }; \
		site $(VENV) > "$$(site $(VENV)-sanitize)/requirements.pth"
	@TAGSNIFF_SANITIZE=1 $(PIP) --python $(VENV)-sanitize/bin/python install --no-deps --ignore-installed .
	@rm -rf build
	@export LD_PRELOAD="$$($(CC) -print-file-name=libasan.so) $$($(CC) -print-file-name=libubsan.so)" \
		ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1; \
	$(VENV)-sanitize/bin/python -m pytest --capture=sys $(PARALLEL) \
		$(addprefix --ignore=tests/,$(NOT_SANITIZED) $(BYTES_IN_MEMORY)) $(PYTEST_ARGS) && \
	PYTHONMALLOC=malloc $(VENV)-sanitize/bin/python -m pytest --capture=sys $(PARALLEL) $(addprefix tests/,$(BYTES_IN_MEMORY))

# What a fuzzer finds is a file in .fuzz/findings, and the command that shows it again is printed.
FUZZ_FLAGS := -std=c11 -g -O2 -fno-omit-frame-pointer -fsanitize=fuzzer,address,undefined \
	-fno-sanitize-recover=undefined -fsanitize-coverage-ignorelist=$(CURDIR)/tests/fuzz/not_instrumented.txt
FUZZERS := .fuzz/parse .fuzz/collect .fuzz/select .fuzz/memory
# The C core without the example.
CORE := $(filter-out csrc/example/%,$(wildcard csrc/*/*.c))
FUZZED := $(CORE) $(wildcard csrc/*/*.h csrc/*/*.inc tests/fuzz/fed_parse.*)

fuzz: $(VENV)/.package $(VENV)/.test
	@command -v $(FUZZ_CC) > /dev/null || { echo '$(FUZZ_CC) with libFuzzer is needed (Debian: clang)' >&2; exit 1; }
	@echo '== building $(FUZZERS)'
	@mkdir -p .fuzz
	@$(MAKE) --no-print-directory --jobs=2 $(FUZZERS)
	@echo '== fuzzing for about $(SECONDS) seconds'
	@PYTHONPATH=tests/support $(BIN)/python tests/fuzz/run.py --place .fuzz --seconds $(SECONDS)

.fuzz/parse .fuzz/collect .fuzz/select: .fuzz/%: tests/fuzz/fuzz_%.c $(FUZZED)
	@$(FUZZ_CC) $(FUZZ_FLAGS) -Icsrc -o $@ $< tests/fuzz/fed_parse.c $(CORE) -lz

# csrc/ with an allocator that can be told to fail.
.fuzz/memory: tests/fuzz/fuzz_memory.c $(FUZZED)
	@rm -rf .fuzz/failing && mkdir -p .fuzz/failing
	@cd .fuzz/failing && $(FUZZ_CC) $(FUZZ_FLAGS) -I../../csrc -c $(addprefix ../../,$(CORE)) \
		-Dmalloc=fuzz_malloc -Dcalloc=fuzz_calloc -Drealloc=fuzz_realloc
	@$(FUZZ_CC) $(FUZZ_FLAGS) -Icsrc -o $@ $< tests/fuzz/fed_parse.c .fuzz/failing/*.o -lz

coverage-c: $(SOURCES)
	@test -x $(VENV)-coverage/bin/python || $(PYTHON) -m venv $(VENV)-coverage
	@rm -rf build src/tagsniff.egg-info
	@TAGSNIFF_COVERAGE=1 $(VENV)-coverage/bin/python -m pip --disable-pip-version-check --quiet install '.[test,gdcm]' gcovr
	@status=0; \
	TAGSNIFF_COVERAGE_PLACE='$(CURDIR)/build/compiled' $(VENV)-coverage/bin/python -m pytest $(PARALLEL) $(PYTEST_ARGS) || \
		status=$$?; \
	for metric in line branch; do \
		$(VENV)-coverage/bin/gcovr --filter csrc/ --txt-metric $$metric --txt - build || status=$$?; \
	done; \
	rm -rf build; exit $$status

dictionary:
	@$(PYTHON) csrc/dicom/generate_dictionary.py

profiles:
	@$(PYTHON) -B profiles/generator

clean:
	rm -rf $(VENV) $(VENV)-sanitize $(VENV)-coverage .fuzz build dist demo src/tagsniff.egg-info .mypy_cache \
		.pytest_cache .ruff_cache .benchmarks .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
