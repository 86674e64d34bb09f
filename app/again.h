/*
 * The input files read a second time, as one source: the same packets in the same order with the
 * same numbers.
 */
#pragma once

#include "app/inputs.h"

typedef struct SsAgain SsAgain;

/* To be made before the first reading: remembers what the files are. `inputs` is borrowed for its
 * life. NULL where one of them can be read only once. */
SsAgain *ss_again_new(const SsAppInputs *inputs);

/*
 * Opens the files anew, one after another as they are needed. SS_SOURCE_ERROR where one is no
 * longer what it was, its name in `error`; damage ends a file without a word, for it was told
 * before. Frames have their numbers; the SsAgain must outlive it.
 */
SsSource *ss_again_read(SsAgain *again, SsSecretsFn on_secrets, void *user_data);

/* Behind the last packet that was wanted: whether the file it came from is what it was. */
bool ss_again_finish(SsSource *source, GError **error);

void ss_again_free(SsAgain *again);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SsAgain, ss_again_free)
