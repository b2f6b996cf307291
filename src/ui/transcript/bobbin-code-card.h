/* The frame of a code segment: background, language, copy button. The code itself is drawn over it by the prose widget.
 * Signal "copy": the button was pressed. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_CODE_CARD (bobbin_code_card_get_type ())
G_DECLARE_FINAL_TYPE (BobbinCodeCard, bobbin_code_card, BOBBIN, CODE_CARD, GtkWidget)

GtkWidget  *bobbin_code_card_new         (const char *language) G_GNUC_WARN_UNUSED_RESULT;
void        bobbin_code_card_set_n_lines (BobbinCodeCard *self, guint n_lines);
/* Says on the button that the copy was made. */
void        bobbin_code_card_confirm     (BobbinCodeCard *self);
/* "python" → "Python"; what is not known is shown as it came. @language NULL: "Code". */
const char *bobbin_code_card_language_name (const char *language);

G_END_DECLS
