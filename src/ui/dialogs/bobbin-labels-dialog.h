/* Labels: which of them conversations have, and making, naming, colouring and deleting them. */
#pragma once

#include "session/bobbin-library.h"
#include "window/bobbin-window.h"

G_BEGIN_DECLS

/* @pick: (nullable): whose labels are given; without it labels are only edited. */
void bobbin_labels_dialog_present (BobbinWindow *parent, BobbinLibrary *library, const BobbinThreadPick *pick);

G_END_DECLS
