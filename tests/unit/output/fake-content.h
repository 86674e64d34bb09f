/*
 * A content chain for tests of the output side: feeds the tap at once and computes nothing but
 * sizes. What it is to find is set in `fake_result`.
 */
#pragma once

#include "dissect/message/content.h"

/* Copied into every content that is made. */
extern SsContentResult fake_result;

/* Contents made and not yet freed. */
extern int fake_n_alive;
