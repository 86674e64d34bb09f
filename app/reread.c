#include "app/reread.h"

#include "app/again.h"
#include "app/spool.h"

struct SsReread {
    SsAgain *again; /* or … */
    SsSpool *spool;
};

SsReread *
ss_reread_new(const SsAppInputs *inputs, GError **error)
{
    g_autoptr(SsReread) reread = g_new0(SsReread, 1);

    reread->again = ss_again_new(inputs);
    if (!reread->again) {
        reread->spool = ss_spool_new(error);
    }
    return reread->again || reread->spool ? g_steal_pointer(&reread) : NULL;
}

bool
ss_reread_add(SsReread *reread, const SsFrame *frame, GError **error)
{
    return !reread->spool || ss_spool_add(reread->spool, frame, error);
}

SsSource *
ss_reread_open(SsReread *reread, GError **error)
{
    return reread->again ? ss_again_read(reread->again, NULL, NULL)
                         : ss_spool_read(reread->spool, NULL, NULL, error);
}

bool
ss_reread_finish(const SsReread *reread, SsSource *source, GError **error)
{
    return !reread->again || ss_again_finish(source, error);
}

void
ss_reread_free(SsReread *reread)
{
    if (reread) {
        ss_again_free(reread->again);
        ss_spool_free(reread->spool);
        g_free(reread);
    }
}
