/* Cleaning up: conversations unused for a number of days, listed with what they take, go to the bin; those on servers that would not be
 * deleted are listed too. */
#pragma once

#include "session/bobbin-library.h"
#include "window/bobbin-window.h"

G_BEGIN_DECLS

/* @days: without use, to begin with; 0: half a year. */
void bobbin_clean_up_present (BobbinWindow *parent, BobbinLibrary *library, guint days);

G_END_DECLS
