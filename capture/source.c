#include "capture/source.h"

void
ss_source_close(SsSource *source)
{
    if (source) {
        source->ops->close(source);
    }
}
