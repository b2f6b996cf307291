/* "Open Conversation by ID…": attaches a thread known from elsewhere by the id its server gave
 * it. */
#pragma once

#include "window/bobbin-window.h"

G_BEGIN_DECLS

void bobbin_open_dialog_present (BobbinWindow *window, BobbinLibrary *library);

G_END_DECLS
