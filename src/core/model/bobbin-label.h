/* A label: a name and a colour the person gives to conversations, as many as wanted. Made, named, coloured and deleted in the library
 * (bobbin-library.h); which thread has which is told by bobbin_thread_get_labels(). */
#pragma once

#include "bobbin-types.h"

G_BEGIN_DECLS

/* In the order they are offered. Append only: their nicks are on disk. */
typedef enum
{
  BOBBIN_LABEL_BLUE,
  BOBBIN_LABEL_GREEN,
  BOBBIN_LABEL_YELLOW,
  BOBBIN_LABEL_ORANGE,
  BOBBIN_LABEL_RED,
  BOBBIN_LABEL_PURPLE,
  BOBBIN_LABEL_BROWN,
  BOBBIN_LABEL_GRAY,
  BOBBIN_N_LABEL_COLORS
} BobbinLabelColor;

#define BOBBIN_TYPE_LABEL_COLOR (bobbin_label_color_get_type ())
GType bobbin_label_color_get_type (void) G_GNUC_CONST;
/* An unknown nick is the first colour. */
BobbinLabelColor bobbin_label_color_from_nick (const char *nick);
const char      *bobbin_label_color_get_nick  (BobbinLabelColor color);

#define BOBBIN_TYPE_LABEL (bobbin_label_get_type ())
G_DECLARE_FINAL_TYPE (BobbinLabel, bobbin_label, BOBBIN, LABEL, GObject)

#define BOBBIN_LABEL_NAME_CHARS 60

/* Properties: "id" (construct-only), "name", "color". @id 0: a new one. */
BobbinLabel     *bobbin_label_new       (gint64 id, const char *name, BobbinLabelColor color) G_GNUC_WARN_UNUSED_RESULT;
gint64           bobbin_label_get_id    (BobbinLabel *self);
const char      *bobbin_label_get_name  (BobbinLabel *self);
void             bobbin_label_set_name  (BobbinLabel *self, const char *name);
BobbinLabelColor bobbin_label_get_color (BobbinLabel *self);
void             bobbin_label_set_color (BobbinLabel *self, BobbinLabelColor color);

G_END_DECLS
