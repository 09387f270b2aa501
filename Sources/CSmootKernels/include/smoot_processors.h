// What the operating system lets this process use.
#ifndef SMOOT_PROCESSORS_H
#define SMOOT_PROCESSORS_H

/// How many processors the affinity mask of this process holds, or 0 when the system does not tell.
int smoot_processors_in_affinity_mask(void);

#endif
