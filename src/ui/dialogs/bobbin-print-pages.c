#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "dialogs/bobbin-print-pages.h"

#include <glib/gi18n.h>
#include <math.h>

#define HEAD_PT    28.0  /* from the top of the paper's area to the text */
#define FOOT_PT    24.0
#define INDENT_PT  16.0
#define PAD_PT     6.0   /* around code and what the person wrote */
#define LINE_PAD_PT 4.0
#define CELL_PT    4.0
#define IMAGE_PART 0.6   /* of the height of a page, at most */
#define IMAGE_MAX  1600  /* pixels */
#define PIXELS_MAX (100 * 1000 * 1000)

/* Where a page begins: at a line of an item. */
typedef struct
{
  guint item;
  guint line;
} Place;

struct _BobbinPrintPages
{
  GPtrArray    *items;
  PangoContext *context;
  char         *title;
  char         *date;
  double        width;
  double        height;   /* of the text */
  GArray       *places;   /* of Place, one a page */
  guint         at;       /* the item that is placed next */
  double        used;     /* of the last page */
  gboolean      done;
};

/* One item that is laid out: lines of text, or one line that is a row or a picture. */
typedef struct
{
  PangoLayout *layout;    /* (nullable) TEXT, CODE, IMAGE without a picture */
  GPtrArray   *cells;     /* (nullable) of PangoLayout */
  double      *widths;    /* of the cells */
  GdkPixbuf   *picture;   /* (nullable) */
  double       scale;
  double       x;
  double       width;
  guint        n_lines;
  double       height;    /* of what has one line */
} Laid;

BobbinPrintPages *
bobbin_print_pages_new (GPtrArray    *items,
                        PangoContext *context,
                        double        width,
                        double        height,
                        const char   *title,
                        const char   *date)
{
  BobbinPrintPages *self = g_new0 (BobbinPrintPages, 1);
  Place first = { 0, 0 };

  self->items = g_ptr_array_ref (items);
  self->context = g_object_ref (context);
  self->width = MAX (width, 72);
  self->height = MAX (height - HEAD_PT - FOOT_PT, 72);
  self->title = g_strdup (title);
  self->date = g_strdup (date);
  self->places = g_array_new (FALSE, FALSE, sizeof (Place));
  g_array_append_val (self->places, first);

  return self;
}

void
bobbin_print_pages_free (BobbinPrintPages *self)
{
  g_ptr_array_unref (self->items);
  g_object_unref (self->context);
  g_array_unref (self->places);
  g_free (self->title);
  g_free (self->date);
  g_free (self);
}

static void
laid_clear (Laid *laid)
{
  g_clear_object (&laid->layout);
  g_clear_pointer (&laid->cells, g_ptr_array_unref);
  g_clear_pointer (&laid->widths, g_free);
  g_clear_object (&laid->picture);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Laid, laid_clear)

static PangoLayout *
make_layout (BobbinPrintPages      *self,
             const BobbinPrintItem *item,
             const char            *text,
             double                 width,
             gboolean               bold)
{
  PangoLayout *layout = pango_layout_new (self->context);
  g_autoptr(PangoFontDescription) font = pango_font_description_from_string (item->kind == BOBBIN_PRINT_CODE ? "monospace" : "sans");

  pango_font_description_set_size (font, (int) (item->size * PANGO_SCALE));
  if (bold)
    pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_width (layout, (int) (MAX (width, 20) * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_spacing (layout, (int) (item->size * 0.15 * PANGO_SCALE));
  pango_layout_set_text (layout, text != NULL ? text : "", -1);
  if (item->attributes != NULL && item->kind == BOBBIN_PRINT_TEXT)
    pango_layout_set_attributes (layout, item->attributes);

  return layout;
}

static double
layout_height (PangoLayout *layout)
{
  int height;

  pango_layout_get_size (layout, NULL, &height);

  return (double) height / PANGO_SCALE;
}

static void
lay_row (BobbinPrintPages      *self,
         const BobbinPrintItem *item,
         Laid                  *laid)
{
  const BobbinPrintColumns *columns = item->columns;
  double sum = 0;

  for (guint i = 0; i < columns->n_columns; i++)
    sum += MAX (columns->natural[i], 3);
  laid->cells = g_ptr_array_new_with_free_func (g_object_unref);
  laid->widths = g_new0 (double, columns->n_columns);
  for (guint i = 0; i < columns->n_columns && item->cells[i] != NULL; i++)
    {
      double share = MAX (columns->natural[i], 3) / sum * laid->width;
      double wanted = (columns->natural[i] + 2) * item->size * 0.62 + 2 * CELL_PT;
      PangoLayout *layout;

      laid->widths[i] = MIN (share, MAX (wanted, 30));
      layout = make_layout (self, item, item->cells[i], laid->widths[i] - 2 * CELL_PT, item->head);
      pango_layout_set_alignment (layout, columns->aligns[i]);
      laid->height = MAX (laid->height, layout_height (layout) + 2 * CELL_PT);
      g_ptr_array_add (laid->cells, layout);
    }
  laid->n_lines = 1;
  if (laid->height > self->height) /* higher than a page: as text, which breaks */
    {
      g_autofree char *text = g_strjoinv (" | ", item->cells);

      g_clear_pointer (&laid->cells, g_ptr_array_unref);
      laid->layout = make_layout (self, item, text, laid->width, FALSE);
      laid->n_lines = (guint) pango_layout_get_line_count (laid->layout);
    }
}

static GdkPixbuf *
load_picture (const char *path)
{
  int width, height;

  if (gdk_pixbuf_get_file_info (path, &width, &height) == NULL || (gint64) width * height > PIXELS_MAX)
    return NULL;
  if (width <= IMAGE_MAX && height <= IMAGE_MAX)
    return gdk_pixbuf_new_from_file (path, NULL);

  return gdk_pixbuf_new_from_file_at_scale (path, IMAGE_MAX, IMAGE_MAX, TRUE, NULL);
}

static void
lay_picture (BobbinPrintPages      *self,
             const BobbinPrintItem *item,
             Laid                  *laid)
{
  double wide, high;

  laid->picture = load_picture (item->path);
  if (laid->picture == NULL)
    {
      laid->layout = make_layout (self, item, item->text, laid->width, FALSE);
      laid->n_lines = (guint) pango_layout_get_line_count (laid->layout);
      return;
    }

  wide = gdk_pixbuf_get_width (laid->picture);
  high = gdk_pixbuf_get_height (laid->picture);
  laid->scale = MIN (MIN (laid->width / wide, self->height * IMAGE_PART / high), 0.75); /* 96 pixels an inch */
  laid->height = high * laid->scale;
  laid->n_lines = 1;
}

static void
lay (BobbinPrintPages      *self,
     const BobbinPrintItem *item,
     Laid                  *laid)
{
  double pad = item->kind == BOBBIN_PRINT_CODE || item->tinted ? PAD_PT : 0;

  laid->x = item->indent * INDENT_PT + pad;
  laid->width = MAX (self->width - laid->x - pad, 40);
  switch (item->kind)
    {
    case BOBBIN_PRINT_ROW:
      lay_row (self, item, laid);
      break;
    case BOBBIN_PRINT_IMAGE:
      lay_picture (self, item, laid);
      break;
    case BOBBIN_PRINT_RULE:
      laid->n_lines = 1;
      laid->height = 2;
      break;
    case BOBBIN_PRINT_TEXT:
    case BOBBIN_PRINT_CODE:
    default:
      laid->layout = make_layout (self, item, item->text, laid->width, item->bold);
      laid->n_lines = (guint) pango_layout_get_line_count (laid->layout);
    }
}

/* Above the first line of what has a background. */
static double
pad_above (const BobbinPrintItem *item,
           guint                  line)
{
  return line == 0 && item->pad_above ? LINE_PAD_PT : 0;
}

static double
line_height (const BobbinPrintItem *item,
             const Laid            *laid,
             guint                  line)
{
  double pads = pad_above (item, line) + (line + 1 == laid->n_lines && item->pad_below ? LINE_PAD_PT : 0);
  PangoRectangle logical;

  if (laid->layout == NULL)
    return laid->height + pads;

  pango_layout_line_get_extents (pango_layout_get_line_readonly (laid->layout, (int) line), NULL, &logical);

  return (double) (logical.height + pango_layout_get_spacing (laid->layout)) / PANGO_SCALE + pads;
}

static void
turn_page (BobbinPrintPages *self,
           guint             item,
           guint             line)
{
  Place place = { item, line };

  g_array_append_val (self->places, place);
  self->used = 0;
}

/* The first of the items that stand together with the one before @at. */
static guint
find_kept (BobbinPrintPages *self,
           guint             at)
{
  const Place *page = &g_array_index (self->places, Place, self->places->len - 1);

  while (at > page->item + 1 && ((BobbinPrintItem *) self->items->pdata[at - 1])->keep)
    at--;

  return at;
}

/* TRUE: it is placed. FALSE: the page was turned before it, or before what has to stand with it. */
static gboolean
place_item (BobbinPrintPages *self)
{
  const BobbinPrintItem *item = self->items->pdata[self->at];
  g_auto(Laid) laid = { NULL };
  double space = self->used > 0 ? item->space : 0;

  lay (self, item, &laid);
  for (guint line = 0; line < laid.n_lines; line++)
    {
      double height = line_height (item, &laid, line);

      if (self->used + space + height > self->height && self->used > 0)
        {
          guint kept = line == 0 ? find_kept (self, self->at) : self->at;

          turn_page (self, line == 0 ? kept : self->at, line);
          space = 0;
          if (line == 0)
            {
              self->at = kept;
              return FALSE;
            }
        }
      self->used += space + height;
      space = 0;
    }

  return TRUE;
}

gboolean
bobbin_print_pages_step (BobbinPrintPages *self,
                         gint64            slice_us)
{
  gint64 until_us = g_get_monotonic_time () + slice_us;

  while (self->at < self->items->len)
    {
      if (place_item (self))
        self->at++;
      if (g_get_monotonic_time () > until_us)
        break;
    }
  self->done = self->at >= self->items->len;

  return self->done;
}

double
bobbin_print_pages_get_done (BobbinPrintPages *self)
{
  return self->items->len > 0 ? (double) self->at / self->items->len : 1;
}

guint
bobbin_print_pages_get_n (BobbinPrintPages *self)
{
  return self->places->len;
}

/* Drawing */

static void
draw_background (BobbinPrintPages      *self,
                 cairo_t               *cr,
                 const BobbinPrintItem *item,
                 double                 y,
                 double                 height)
{
  double x = item->indent * INDENT_PT;

  if (item->kind == BOBBIN_PRINT_CODE)
    cairo_set_source_rgb (cr, 0.95, 0.95, 0.955);
  else if (item->tinted)
    cairo_set_source_rgb (cr, 0.91, 0.95, 0.99);
  else
    return;

  cairo_rectangle (cr, x, y, self->width - x, height);
  cairo_fill (cr);
}

static void
draw_sides (cairo_t               *cr,
            const BobbinPrintItem *item,
            double                 y,
            double                 height)
{
  cairo_set_source_rgb (cr, 0.75, 0.75, 0.78);
  for (guint i = 0; i < item->quotes; i++)
    {
      cairo_rectangle (cr, i * INDENT_PT + 3, y, 2, height);
      cairo_fill (cr);
    }
}

static void
draw_mark (BobbinPrintPages      *self,
           cairo_t               *cr,
           const BobbinPrintItem *item,
           const Laid            *laid,
           double                 y)
{
  BobbinPrintItem plain = { BOBBIN_PRINT_TEXT, .size = item->size };
  g_autoptr(PangoLayout) layout = make_layout (self, &plain, item->mark, 100, FALSE);
  int width;

  pango_layout_set_width (layout, -1);
  pango_layout_get_size (layout, &width, NULL);
  cairo_move_to (cr, laid->x - (double) width / PANGO_SCALE - 4, y);
  pango_cairo_show_layout (cr, layout);
}

static void
set_ink (cairo_t               *cr,
         const BobbinPrintItem *item)
{
  if (item->dim)
    cairo_set_source_rgb (cr, 0.36, 0.36, 0.38);
  else
    cairo_set_source_rgb (cr, 0.1, 0.1, 0.1);
}

static void
draw_line (cairo_t               *cr,
           const BobbinPrintItem *item,
           const Laid            *laid,
           guint                  line,
           double                 y)
{
  PangoLayoutLine *words = pango_layout_get_line_readonly (laid->layout, (int) line);
  PangoRectangle logical;
  double x = laid->x;

  pango_layout_line_get_extents (words, NULL, &logical);
  if (pango_layout_line_get_resolved_direction (words) == PANGO_DIRECTION_RTL)
    x += laid->width - (double) logical.width / PANGO_SCALE;
  set_ink (cr, item);
  cairo_move_to (cr, x, y - (double) logical.y / PANGO_SCALE);
  pango_cairo_show_layout_line (cr, words);
}

static void
draw_row (cairo_t               *cr,
          const BobbinPrintItem *item,
          const Laid            *laid,
          double                 y)
{
  double x = laid->x;

  cairo_set_line_width (cr, 0.5);
  for (guint i = 0; i < laid->cells->len; i++)
    {
      if (item->head)
        {
          cairo_set_source_rgb (cr, 0.95, 0.95, 0.955);
          cairo_rectangle (cr, x, y, laid->widths[i], laid->height);
          cairo_fill (cr);
        }
      cairo_set_source_rgb (cr, 0.75, 0.75, 0.78);
      cairo_rectangle (cr, x, y, laid->widths[i], laid->height);
      cairo_stroke (cr);
      cairo_set_source_rgb (cr, 0.1, 0.1, 0.1);
      cairo_move_to (cr, x + CELL_PT, y + CELL_PT);
      pango_cairo_show_layout (cr, laid->cells->pdata[i]);
      x += laid->widths[i];
    }
}

static void
draw_whole (BobbinPrintPages      *self,
            cairo_t               *cr,
            const BobbinPrintItem *item,
            const Laid            *laid,
            double                 y)
{
  if (laid->cells != NULL)
    draw_row (cr, item, laid, y);
  else if (laid->picture != NULL)
    {
      cairo_save (cr);
      cairo_translate (cr, laid->x, y);
      cairo_scale (cr, laid->scale, laid->scale);
      gdk_cairo_set_source_pixbuf (cr, laid->picture, 0, 0);
      cairo_paint (cr);
      cairo_restore (cr);
    }
  else
    {
      cairo_set_source_rgb (cr, 0.75, 0.75, 0.78);
      cairo_rectangle (cr, laid->x, y, laid->width, 0.75);
      cairo_fill (cr);
    }
}

/* The lines of an item from @from on that are before @end. Returns where the next one begins. */
static double
draw_item (BobbinPrintPages      *self,
           cairo_t               *cr,
           const BobbinPrintItem *item,
           guint                  from,
           guint                  until,
           double                 y)
{
  g_auto(Laid) laid = { NULL };

  lay (self, item, &laid);
  if (y > HEAD_PT && from == 0)
    {
      if (item->tinted && item->space > 0 && item->kind != BOBBIN_PRINT_IMAGE)
        draw_background (self, cr, item, y, item->space);
      y += item->space;
    }
  for (guint line = from; line < MIN (laid.n_lines, until); line++)
    {
      double height = line_height (item, &laid, line);

      draw_background (self, cr, item, y, height + 0.3);
      draw_sides (cr, item, y, height + 0.3);
      if (line == 0 && item->mark != NULL)
        {
          set_ink (cr, item);
          draw_mark (self, cr, item, &laid, y);
        }
      if (laid.layout != NULL)
        draw_line (cr, item, &laid, line, y + pad_above (item, line));
      else
        draw_whole (self, cr, item, &laid, y + pad_above (item, line));
      y += height;
    }

  return y;
}

static void
draw_small (BobbinPrintPages *self,
            cairo_t          *cr,
            const char       *text,
            double            y,
            double            width,
            PangoAlignment    align)
{
  BobbinPrintItem plain = { BOBBIN_PRINT_TEXT, .size = 8, .dim = TRUE };
  g_autoptr(PangoLayout) layout = make_layout (self, &plain, text, width, FALSE);

  pango_layout_set_alignment (layout, align);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  set_ink (cr, &plain);
  cairo_move_to (cr, align == PANGO_ALIGN_RIGHT ? self->width - width : 0, y);
  pango_cairo_show_layout (cr, layout);
}

static void
draw_frame (BobbinPrintPages *self,
            cairo_t          *cr,
            guint             page)
{
  /* Translators: at the foot of a printed page: its number, and how many there are. */
  g_autofree char *number = g_strdup_printf (_("Page %1$u of %2$u"), page + 1, self->places->len);

  draw_small (self, cr, self->title, 0, self->width * 0.68, PANGO_ALIGN_LEFT);
  draw_small (self, cr, self->date, 0, self->width * 0.3, PANGO_ALIGN_RIGHT);
  cairo_set_source_rgb (cr, 0.75, 0.75, 0.78);
  cairo_rectangle (cr, 0, 15, self->width, 0.5);
  cairo_fill (cr);
  draw_small (self, cr, number, HEAD_PT + self->height + FOOT_PT - 12, self->width, PANGO_ALIGN_CENTER);
}

void
bobbin_print_pages_draw (BobbinPrintPages *self,
                         cairo_t          *cr,
                         guint             page)
{
  Place from, until = { self->items->len, 0 };
  double y = HEAD_PT;

  g_return_if_fail (page < self->places->len);

  from = g_array_index (self->places, Place, page);
  if (page + 1 < self->places->len)
    until = g_array_index (self->places, Place, page + 1);
  draw_frame (self, cr, page);
  for (guint i = from.item; i < self->items->len && (i < until.item || (i == until.item && until.line > 0)); i++)
    y = draw_item (self, cr, self->items->pdata[i], i == from.item ? from.line : 0, i == until.item ? until.line : G_MAXUINT, y);
}
