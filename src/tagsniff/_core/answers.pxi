# The answers of a profile, shared by all collectors of a scan; a part of _core.pyx.
#
# For: threads that need an answer which another thread has already got; they do not take the interpreter lock for it.
# Never: hold the lock of the table while the profile is asked.

cdef class KnownAnswers:
    cdef ts_known_answers _known
    cdef PyThread_type_lock _lock

    def __cinit__(self):
        ts_known_answers_begin(&self._known, make_hash_key())
        self._lock = PyThread_allocate_lock()
        if self._lock == NULL:
            raise MemoryError

    def __dealloc__(self):
        ts_known_answers_free(&self._known)
        if self._lock != NULL:
            PyThread_free_lock(self._lock)


# The context of the callback, which runs without the interpreter lock. The ValueCollector owns all of it.
cdef struct asker:
    void *owner  # the ValueCollector
    ts_value_collector *collector
    ts_known_answers *known  # NULL if nothing is shared
    PyThread_type_lock lock  # of `known`
    ts_buffer question  # uint8_t


cdef c_bool answer(void *context, const ts_question *question, ts_decision *decision) noexcept nogil:
    cdef asker *asks = <asker *>context
    cdef c_bool is_known = False
    cdef c_bool is_done
    if asks.known == NULL:
        return ask_profile(asks.owner, question, decision)
    if not ts_question_write(asks.collector, question, &asks.question):
        return False
    PyThread_acquire_lock(asks.lock, 1)
    is_done = ts_known_answers_find(asks.known, &asks.question, asks.collector, decision, &is_known)
    PyThread_release_lock(asks.lock)
    if is_known or not is_done:
        return is_done
    if not ask_profile(asks.owner, question, decision):
        return False
    PyThread_acquire_lock(asks.lock, 1)
    ts_known_answers_add(asks.known, &asks.question, asks.collector, decision)
    PyThread_release_lock(asks.lock)
    return True


cdef c_bool ask_profile(void *owner, const ts_question *question, ts_decision *decision) noexcept with gil:
    collector = <ValueCollector>owner
    try:
        return collector.ask(question, decision)
    except BaseException as error:
        collector._error = error
        return False
