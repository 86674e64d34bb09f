/*
 * SipHash-2-4 (Aumasson, Bernstein: "SipHash: a fast short-input PRF", 2012): with a secret key,
 * nobody can choose addresses that collide in the flow table; with the key of zeros, a stable
 * 64-bit name of some bytes.
 */
#pragma once

#include "base/slice.h"

uint64_t ss_siphash(const uint64_t key[2], SsSlice bytes);
