/*
 * Chance: how packets are wrapped, of what the program reads.
 */
#pragma once

#include "encap.h"

bool draw_one_in(GRand *dice, gint n);
guint draw_below(GRand *dice, guint n);

/* What the program reads: what it does not is left out, and told. */
typedef struct {
    bool links[N_LINKS];
    bool tags[N_TAGS];
    bool tunnels[N_TUNNELS];
    bool nested, options, fragments, outer_fragments, inner_fragments;
    guint n_left_out;
} Features;

/* Tries each once; prints what is not read. */
Features draw_probe(void);

EncapStack draw_stack(const Features *features, GRand *dice);

/* Appends it in words. */
void draw_describe(const EncapStack *stack, GString *story);
