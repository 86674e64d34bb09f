/*
 * What servers say when they refuse, where their code alone says too little. The table is read from
 * its beginning: what is particular stands before what is general.
 */
#pragma once

#include "base/event.h"

/* Meanings that detectors tell from the others. */
#define SS_MEANING_NO_RELAY "the server does not relay for this client"
#define SS_MEANING_NO_MAILBOX "no such mailbox"

typedef struct {
    const char *word;   /* lower case, found in the text without case */
    const char *detail; /* with this subject and detail of an enhanced code only, `7.30`; NULL:
                           where the code leaves it open */
    unsigned class_;    /* 4, 5; 0 both */
    bool is_greylisting;
    const char *meaning, *advice;
} SsRefusalPhrase;

/* The table, `*ret_n` rows. */
const SsRefusalPhrase *ss_phrases(size_t *ret_n);

/* Bytes of a reply that are looked at: what matters stands in its first lines. */
#define SS_PHRASE_TEXT_MAX 2048

/* A reply's text made ready: in lower case, addresses blanked, so that a mailbox named "spam" does
 * not become a verdict on content. */
typedef struct {
    uint8_t bytes[SS_PHRASE_TEXT_MAX];
    size_t len;
} SsPhraseText;

void ss_phrases_read(SsPhraseText *to, SsSlice text);

/* The first row that fits, or NULL. `detail` is what stands behind the class of the enhanced code,
 * empty where there is none; `is_open` whether the code leaves it open. */
const SsRefusalPhrase *ss_phrases_find(const SsPhraseText *text, SsSlice detail, uint64_t code,
                                       bool is_open);

/* Whether a word of the text begins so; a short one has to be it. `word` is in lower case. */
bool ss_phrases_mention(const SsPhraseText *text, const char *word);

/* "in 300 seconds", "for 5 minutes", "in 00:04:59": the wait that is asked for in seconds, 0 where
 * none is told. */
uint64_t ss_phrases_wait_s(const SsPhraseText *text);
