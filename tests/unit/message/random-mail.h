/*
 * Random messages, clean ones, with what is in them.
 */
#pragma once

#include <glib.h>

typedef struct {
    GString *bytes;
    GPtrArray *leaves; /* of TreeLeaf */
} RandomMail;

RandomMail *random_mail_new(guint32 seed);
void random_mail_free(RandomMail *mail);
