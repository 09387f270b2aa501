// Threads that wait for work.
#ifndef SMOOT_PARALLEL_H
#define SMOOT_PARALLEL_H

#include <stddef.h>

/// Calls `body(context, task)` for the tasks 0 to `count` - 1 on up to `threads` threads, in any order, and returns 1 when all are done; 0, with nothing done, when the threads
/// are at somebody else's work or cannot be had.
///
/// The threads stay, and for a moment after their last task they look for more without sleeping: waking one takes longer than many a task.
int smoot_parallel_for(size_t count, size_t threads, void (*body)(void *context, size_t task), void *context);
/// Whether this thread is at such a task, so that a loop within it has no threads to wait for.
int smoot_parallel_is_inside(void);

#endif
