/* Addresses in plain text, and opening them: only http, https and mailto, and never without the whole address being shown
 * first. Servers are not trusted (product.md, section 3, promise 8). */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct
{
  gsize start; /* bytes of the text */
  gsize end;
} BobbinTextLink;

/* Appends the addresses in [from, to) of @text to @links, of BobbinTextLink. */
void     bobbin_links_scan    (const char *text, gsize from, gsize to, GArray *links);
gboolean bobbin_links_is_safe (const char *uri);
/* Shows the address by a popover at @rect of @parent, with buttons to open and to copy it. */
void     bobbin_links_popup   (GtkWidget *parent, const GdkRectangle *rect, const char *uri);

G_END_DECLS
