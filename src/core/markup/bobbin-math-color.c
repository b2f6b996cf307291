#define G_LOG_DOMAIN "bobbin-markup"

#include "config.h"

#include "bobbin-math-color.h"

#include <string.h>

static const struct { const char *name; guint32 rgb; } names[] = {
  { "black", 0x000000 }, { "white", 0xffffff }, { "red", 0xe01b24 }, { "green", 0x26a269 }, { "blue", 0x1c71d8 },
  { "cyan", 0x0ab9dc }, { "magenta", 0xc061cb }, { "yellow", 0xe5a50a }, { "gray", 0x77767b }, { "grey", 0x77767b },
  { "darkgray", 0x5e5c64 }, { "lightgray", 0x9a9996 }, { "orange", 0xe66100 }, { "brown", 0x865e3c }, { "purple", 0x813d9c },
  { "violet", 0x813d9c }, { "pink", 0xe66aa0 }, { "teal", 0x218787 }, { "olive", 0x7a7a1f }, { "lime", 0x33d17a },
  { "navy", 0x1a5fb4 }, { "maroon", 0xa51d2d }, { "darkred", 0xa51d2d }, { "darkgreen", 0x1e7d50 }, { "darkblue", 0x1a5fb4 },
  { "crimson", 0xc01c28 }, { "royalblue", 0x3584e4 }, { "forestgreen", 0x26a269 },
};

gboolean
_bobbin_math_color (const char *name,
                    guint32    *ret_rgb)
{
  gsize digits;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (names[i].name, name) == 0)
      {
        *ret_rgb = names[i].rgb;
        return TRUE;
      }

  if (*name == '#')
    name++;
  digits = strspn (name, "0123456789abcdefABCDEF");
  if (name[digits] != '\0' || (digits != 3 && digits != 6))
    return FALSE;
  *ret_rgb = (guint32) g_ascii_strtoull (name, NULL, 16);
  if (digits == 3)
    *ret_rgb = (*ret_rgb >> 8) * 0x110000 + (*ret_rgb >> 4 & 0xf) * 0x1100 + (*ret_rgb & 0xf) * 0x11;

  return TRUE;
}
