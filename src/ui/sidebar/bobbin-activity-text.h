/* Words, icon and colour for the one state a row of the sidebar shows. Pure functions. */
#pragma once

#include "model/bobbin-thread.h"

G_BEGIN_DECLS

const char *bobbin_activity_get_label (BobbinActivity activity); /* (nullable): translated; NULL for NONE */
const char *bobbin_activity_get_icon  (BobbinActivity activity); /* (nullable): NULL for NONE and for ANSWERING, which spins */
const char *bobbin_activity_get_color (BobbinActivity activity); /* (nullable): a named colour of the style; NULL: as the text */

G_END_DECLS
