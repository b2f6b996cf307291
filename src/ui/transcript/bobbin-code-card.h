/* The frame of a code segment: background, language, what can be done with it. The code itself is drawn over it by the prose widget.
 * Property "wrap" (boolean): long lines are broken. Signals "copy", "save": the button was pressed. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BOBBIN_TYPE_CODE_CARD (bobbin_code_card_get_type ())
G_DECLARE_FINAL_TYPE (BobbinCodeCard, bobbin_code_card, BOBBIN, CODE_CARD, GtkWidget)

GtkWidget  *bobbin_code_card_new         (const char *language) G_GNUC_WARN_UNUSED_RESULT;
/* Another card from now on; its lines are told anew. */
void        bobbin_code_card_set_language (BobbinCodeCard *self, const char *language);
void        bobbin_code_card_set_n_lines (BobbinCodeCard *self, guint n_lines);
/* No line is long: there is nothing to choose. */
void        bobbin_code_card_set_can_wrap (BobbinCodeCard *self, gboolean can_wrap);
gboolean    bobbin_code_card_get_wrap    (BobbinCodeCard *self);
void        bobbin_code_card_set_wrap    (BobbinCodeCard *self, gboolean wrap);
const char *bobbin_code_card_get_language (BobbinCodeCard *self); /* (nullable) as it came */
/* "python" → "code.py". */
char       *bobbin_code_card_dup_file_name (const char *language) G_GNUC_WARN_UNUSED_RESULT;
/* Says on the button that the copy was made. */
void        bobbin_code_card_confirm     (BobbinCodeCard *self);
/* "python" → "Python"; what is not known is shown as it came. @language NULL: "Code". */
const char *bobbin_code_card_language_name (const char *language);

G_END_DECLS
