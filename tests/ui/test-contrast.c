/* Every text of every screen can be told from what lies behind it, in the theme the environment asks for (light or dark, as it is or
 * in high contrast: run once for each). Read from what GTK is about to draw: the colour of each text, dimmed by all that is around it,
 * and of everything that was painted below its middle. */
#include "config.h"
#include "account/bobbin-account-editor.h"
#include "account/bobbin-preferences.h"
#include "dialogs/bobbin-clean-up.h"
#include "messages.h"
#include "sidebar/bobbin-search-filters.h"
#include "sidebar/bobbin-sidebar.h"
#include "stage.h"
#include "transcript/bobbin-column.h"
#include "transcript/bobbin-proxy.h"
#include "ui-fixture.h"
#include "window/bobbin-window.h"

#include <math.h>

/* As the Web Content Accessibility Guidelines have it. What the desktop's own style dims, prints bold on its accent, or gives the colour of
 * links (which are underlined, too) is below 4.5 and above 3; in high contrast nothing is. */
#define RATIO        4.5
#define RATIO_DIMMED 3.0

typedef struct
{
  graphene_rect_t rect;
  GdkRGBA         color;
} Patch;

typedef struct
{
  const char *screen;
  GtkWidget  *root;
  GArray     *patches; /* of Patch, in the order of painting */
  guint       n_texts;
  double      least;   /* ratio of all that counted */
} Look;

typedef struct
{
  float           x;
  float           y;
  float           alpha;
  graphene_rect_t clip;
} Place;

static gboolean high_contrast;

static double
linear (double channel)
{
  return channel <= 0.04045 ? channel / 12.92 : pow ((channel + 0.055) / 1.055, 2.4);
}

static double
luminance (const GdkRGBA *color)
{
  return 0.2126 * linear (color->red) + 0.7152 * linear (color->green) + 0.0722 * linear (color->blue);
}

static double
contrast (const GdkRGBA *a,
          const GdkRGBA *b)
{
  double first = luminance (a), second = luminance (b);

  return (MAX (first, second) + 0.05) / (MIN (first, second) + 0.05);
}

static void
paint (GdkRGBA       *below,
       const GdkRGBA *above,
       float          alpha)
{
  float a = above->alpha * alpha;

  below->red = above->red * a + below->red * (1 - a);
  below->green = above->green * a + below->green * (1 - a);
  below->blue = above->blue * a + below->blue * (1 - a);
}

static gboolean
moved (const Place     *place,
       GskRenderNode   *node,
       graphene_rect_t *ret_rect)
{
  gsk_render_node_get_bounds (node, ret_rect);
  graphene_rect_offset (ret_rect, place->x, place->y);

  return graphene_rect_intersection (ret_rect, &place->clip, ret_rect);
}

static void
add_patch (Look          *look,
           const Place   *place,
           GskRenderNode *node,
           const GdkRGBA *color)
{
  Patch patch;

  if (!moved (place, node, &patch.rect))
    return;

  patch.color = *color;
  patch.color.alpha *= place->alpha;
  g_array_append_val (look->patches, patch);
}

/* The strongest pixel of a text node as it is drawn, in ARGB, and where that is in the picture when @ret_at was -1. */
static guint32
draw_pixel (GskRenderNode *node,
            int           *ret_at)
{
  cairo_surface_t *surface;
  graphene_rect_t rect;
  const guint32 *pixels;
  guint32 pixel;
  cairo_t *cr;
  int n;

  gsk_render_node_get_bounds (node, &rect);
  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, (int) ceilf (rect.size.width) + 1, (int) ceilf (rect.size.height) + 1);
  cr = cairo_create (surface);
  cairo_translate (cr, -floorf (rect.origin.x), -floorf (rect.origin.y));
  gsk_render_node_draw (node, cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  pixels = (const guint32 *) (gpointer) cairo_image_surface_get_data (surface);
  n = cairo_image_surface_get_stride (surface) / 4 * cairo_image_surface_get_height (surface);
  if (*ret_at < 0)
    {
      *ret_at = 0;
      for (int i = 0; i < n; i++)
        if (pixels[i] >> 24 > pixels[*ret_at] >> 24)
          *ret_at = i;
    }
  pixel = pixels[*ret_at];
  cairo_surface_destroy (surface);

  return pixel;
}

/* As it is drawn: gsk_text_node_get_color() of GTK 4.16 and later tells something else. The same text in black says how much of the pixel
 * it covers. FALSE when nothing is to be seen. */
static gboolean
text_color (GskRenderNode *node,
            GdkRGBA       *ret_color)
{
  /* Declared as pure: what it would write into an integer, an optimizing compiler does not read. */
  const PangoGlyphInfo *infos = gsk_text_node_get_glyphs (node, NULL);
  PangoGlyphString glyphs = { (int) gsk_text_node_get_num_glyphs (node), (PangoGlyphInfo *) infos, NULL, 0 };
  GskRenderNode *black = gsk_text_node_new (gsk_text_node_get_font (node), &glyphs, &(GdkRGBA) { 0, 0, 0, 1 },
                                            gsk_text_node_get_offset (node));
  int at = -1;
  guint32 full, pixel;
  float alpha;

  if (black == NULL)
    return FALSE;
  full = draw_pixel (black, &at) >> 24;
  gsk_render_node_unref (black);
  pixel = draw_pixel (node, &at);
  alpha = (float) (pixel >> 24);
  if (full == 0 || alpha == 0)
    return FALSE;

  ret_color->red = MIN ((float) (pixel >> 16 & 0xff) / alpha, 1);
  ret_color->green = MIN ((float) (pixel >> 8 & 0xff) / alpha, 1);
  ret_color->blue = MIN ((float) (pixel & 0xff) / alpha, 1);
  ret_color->alpha = MIN (alpha / (float) full, 1);

  return TRUE;
}

static void
judge (Look          *look,
       const Place   *place,
       GskRenderNode *node)
{
  GdkRGBA behind = { 1, 1, 1, 1 };
  graphene_rect_t rect;
  graphene_point_t middle;
  GtkWidget *widget;
  GdkRGBA text, color;
  double ratio, least;

  /* Half of it at least: what scrolls away at an edge is not read there. Emoji have colours of their own. */
  if (gsk_text_node_has_color_glyphs (node) || !moved (place, node, &rect) || place->alpha == 0 || !text_color (node, &color))
    return;

  middle = GRAPHENE_POINT_INIT (rect.origin.x + rect.size.width / 2, rect.origin.y + rect.size.height / 2);
  widget = gtk_widget_pick (look->root, middle.x, middle.y, GTK_PICK_INSENSITIVE | GTK_PICK_NON_TARGETABLE);
  /* What cannot be used may be faint. */
  if (widget != NULL && !gtk_widget_is_sensitive (widget))
    return;

  for (guint i = 0; i < look->patches->len; i++)
    {
      const Patch *patch = &g_array_index (look->patches, Patch, i);

      if (graphene_rect_contains_point (&patch->rect, &middle))
        paint (&behind, &patch->color, 1);
    }
  text = behind;
  paint (&text, &color, place->alpha);
  ratio = contrast (&text, &behind);
  least = RATIO;
  if (!high_contrast && (color.alpha * place->alpha < 0.75 ||
                         (widget != NULL && (BOBBIN_IS_PROXY (widget) || gtk_widget_get_ancestor (widget, GTK_TYPE_BUTTON) != NULL))))
    least = RATIO_DIMMED;
  look->n_texts++;
  look->least = MIN (look->least, ratio);
  if (ratio >= least)
    return;

  {
    g_autofree char *front = gdk_rgba_to_string (&text);
    g_autofree char *back = gdk_rgba_to_string (&behind);

    g_test_message ("%s: a %s at %.0f, %.0f (“%s”): %s on %s is %.2f, less than %.1f", look->screen,
                    widget != NULL ? G_OBJECT_TYPE_NAME (widget) : "text", middle.x, middle.y,
                    GTK_IS_LABEL (widget) ? gtk_label_get_text (GTK_LABEL (widget)) : "", front, back, ratio, least);
    g_test_fail ();
  }
}

static void walk (Look *look, GskRenderNode *node, Place place);

static void
walk_transform (Look          *look,
                GskRenderNode *node,
                Place          place)
{
  GskTransform *transform = gsk_transform_node_get_transform (node);
  float x, y;

  /* Turned arrows hold no text. */
  if (gsk_transform_get_category (transform) < GSK_TRANSFORM_CATEGORY_2D_TRANSLATE)
    return;

  gsk_transform_to_translate (transform, &x, &y);
  place.x += x;
  place.y += y;
  walk (look, gsk_transform_node_get_child (node), place);
}

static void
walk_clip (Look                  *look,
           GskRenderNode         *child,
           const graphene_rect_t *bounds,
           Place                  place)
{
  graphene_rect_t clip = *bounds;

  graphene_rect_offset (&clip, place.x, place.y);
  if (graphene_rect_intersection (&place.clip, &clip, &place.clip))
    walk (look, child, place);
}

/* The middle of a gradient. */
static void
add_gradient (Look          *look,
              const Place   *place,
              GskRenderNode *node)
{
  gsize n = gsk_linear_gradient_node_get_n_color_stops (node);
  const GskColorStop *stops = gsk_linear_gradient_node_get_color_stops (node, NULL);

  if (n > 0)
    add_patch (look, place, node, &stops[n / 2].color);
}

static void
walk (Look          *look,
      GskRenderNode *node,
      Place          place)
{
  switch ((int) gsk_render_node_get_node_type (node))
    {
    case GSK_CONTAINER_NODE:
      for (guint i = 0; i < gsk_container_node_get_n_children (node); i++)
        walk (look, gsk_container_node_get_child (node, i), place);
      break;
    case GSK_TRANSFORM_NODE:
      walk_transform (look, node, place);
      break;
    case GSK_CLIP_NODE:
      walk_clip (look, gsk_clip_node_get_child (node), gsk_clip_node_get_clip (node), place);
      break;
    case GSK_ROUNDED_CLIP_NODE:
      walk_clip (look, gsk_rounded_clip_node_get_child (node), &gsk_rounded_clip_node_get_clip (node)->bounds, place);
      break;
    case GSK_OPACITY_NODE:
      place.alpha *= gsk_opacity_node_get_opacity (node);
      walk (look, gsk_opacity_node_get_child (node), place);
      break;
    case GSK_SHADOW_NODE:
      walk (look, gsk_shadow_node_get_child (node), place);
      break;
    case GSK_CROSS_FADE_NODE:
      walk (look, gsk_cross_fade_node_get_end_child (node), place);
      break;
    case GSK_DEBUG_NODE:
      walk (look, gsk_debug_node_get_child (node), place);
      break;
    case GSK_COLOR_NODE:
      add_patch (look, &place, node, gsk_color_node_get_color (node));
      break;
    case GSK_LINEAR_GRADIENT_NODE:
      add_gradient (look, &place, node);
      break;
    case GSK_TEXT_NODE:
      judge (look, &place, node);
      break;
    default:
      break;
    }
}

static void
assert_legible (GtkWidget  *window,
                const char *screen)
{
  g_autoptr(GArray) patches = g_array_new (FALSE, FALSE, sizeof (Patch));
  g_autoptr(GdkPaintable) paintable = NULL;
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  Look look = { screen, window, patches, 0, G_MAXDOUBLE };
  Place place = { 0, 0, 1, GRAPHENE_RECT_INIT (-10000, -10000, 20000, 20000) };
  GskRenderNode *node;
  int width, height;

  stage_settle (window);
  paintable = gtk_widget_paintable_new (window);
  /* With the shadow around it; places are told without. */
  width = gdk_paintable_get_intrinsic_width (paintable);
  height = gdk_paintable_get_intrinsic_height (paintable);
  place.x = (float) (gtk_widget_get_width (window) - width) / 2;
  place.y = (float) (gtk_widget_get_height (window) - height) / 2;
  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  g_assert_nonnull (node);
  walk (&look, node, place);
  gsk_render_node_unref (node);
  g_test_message ("%s: %u texts, at least %.2f", screen, look.n_texts, look.least);
  g_assert_cmpuint (look.n_texts, >, 0);
}

static void
close_window (GtkWidget *window)
{
  GtkWidget *weak = window;

  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &weak);
  gtk_window_destroy (GTK_WINDOW (window));
  ui_wait_until (weak == NULL);
}

static GtkWidget *
open_window (UiFixture *fixture)
{
  GtkWidget *window = bobbin_window_new (NULL, fixture->library, fixture->settings);

  gtk_window_set_default_size (GTK_WINDOW (window), 1000, 720);
  gtk_window_present (GTK_WINDOW (window));
  ui_wait_until (gtk_widget_get_mapped (window) && gtk_widget_get_width (window) > 0);

  return window;
}

static void
test_window (void)
{
  UiFixture fixture;
  BobbinAccount *account;
  BobbinThread *thread;
  g_autoptr(BobbinLabel) work = bobbin_label_new (0, "Work", BOBBIN_LABEL_YELLOW);
  g_autoptr(BobbinLabel) home = bobbin_label_new (0, "Home", BOBBIN_LABEL_GRAY);
  GtkWidget *window, *sidebar, *other;

  ui_fixture_open (&fixture);
  window = open_window (&fixture);
  assert_legible (window, "the welcome page");
  close_window (window);

  account = ui_fixture_add_account (&fixture, BOBBIN_SERVICE_NEBELUS, "Work");
  ui_fixture_add_account (&fixture, BOBBIN_SERVICE_AIBTC, "Home");
  thread = ui_fixture_add_thread (&fixture, account, "A conversation", "with its last line", 0);
  bobbin_thread_set_unread (ui_fixture_add_thread (&fixture, account, "Another", "that is new", 1), TRUE);
  ui_fixture_add_thread (&fixture, account, "Long ago", "nobody looked at it", 400);
  window = open_window (&fixture);
  bobbin_window_open_thread (BOBBIN_WINDOW (window), thread);
  bobbin_window_show_notice (BOBBIN_WINDOW (window), BOBBIN_NOTICE_STORE_FAILED, "Nothing can be written");
  bobbin_window_toast (BOBBIN_WINDOW (window), "Something was done");
  assert_legible (window, "a conversation");
  sidebar = ui_find (window, BOBBIN_TYPE_SIDEBAR, NULL);
  bobbin_sidebar_set_picking (BOBBIN_SIDEBAR (sidebar), TRUE);
  assert_legible (window, "many picked");
  bobbin_sidebar_set_picking (BOBBIN_SIDEBAR (sidebar), FALSE);
  bobbin_sidebar_search (BOBBIN_SIDEBAR (sidebar), "conversation");
  ui_settle ();
  gtk_widget_activate_action (ui_find (sidebar, BOBBIN_TYPE_SEARCH_FILTERS, NULL), "filter.date", "i", 30);
  assert_legible (window, "the search");
  bobbin_sidebar_stop_search (BOBBIN_SIDEBAR (sidebar));

  bobbin_clean_up_present (BOBBIN_WINDOW (window), fixture.library, 0);
  ui_wait_until ((other = ui_newest_window (window)) != NULL);
  assert_legible (other, "cleaning up");
  close_window (other);
  bobbin_library_add_label (fixture.library, work, NULL);
  bobbin_library_add_label (fixture.library, home, NULL);
  gtk_widget_activate_action (window, "win.edit-labels", NULL);
  ui_wait_until ((other = ui_newest_window (window)) != NULL);
  assert_legible (other, "labels");
  close_window (other);
  close_window (window);
  ui_fixture_close (&fixture);
}

static void
test_accounts (void)
{
  UiFixture fixture;
  BobbinAccount *account;
  GtkWidget *window;

  ui_fixture_open (&fixture);
  account = ui_fixture_add_account (&fixture, BOBBIN_SERVICE_NEBELUS, "Work");
  window = bobbin_account_editor_new (fixture.library, account);
  gtk_window_present (GTK_WINDOW (window));
  ui_wait_until (gtk_widget_get_mapped (window));
  assert_legible (window, "an account");
  close_window (window);
  window = bobbin_preferences_new (NULL, fixture.library, fixture.settings);
  gtk_window_present (GTK_WINDOW (window));
  ui_wait_until (gtk_widget_get_mapped (window));
  for (guint i = 0; i < 5; i++)
    {
      static const char *const pages[] = { "general", "desktop", "history", "privacy", "data" };

      adw_preferences_window_set_visible_page_name (ADW_PREFERENCES_WINDOW (window), pages[i]);
      assert_legible (window, pages[i]);
    }
  close_window (window);
  ui_fixture_close (&fixture);
}

/* Every kind of message, screen by screen. */
static void
test_messages (void)
{
  GListStore *stores[] = { messages_gallery (), messages_blocks ("charts"), messages_blocks ("data"), messages_blocks ("agent") };

  for (guint i = 0; i < G_N_ELEMENTS (stores); i++)
    {
      GtkWidget *scrolled = gtk_scrolled_window_new ();
      GtkWidget *column = bobbin_column_new ();
      GtkWidget *window;

      bobbin_column_set_model (BOBBIN_COLUMN (column), G_LIST_MODEL (stores[i]));
      gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
      gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), column);
      window = stage_new (scrolled, 760, 4000);
      assert_legible (window, "messages");
      stage_free (window);
      g_object_unref (stores[i]);
    }
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(GtkCssProvider) css = NULL;

  g_test_init (&argc, &argv, NULL);
  ui_fixture_init_gtk ();
  high_contrast = adw_style_manager_get_high_contrast (adw_style_manager_get_default ());
  g_assert_true (high_contrast == (g_getenv ("ADW_DEBUG_HIGH_CONTRAST") != NULL));
  if (high_contrast)
    {
      css = gtk_css_provider_new ();
      gtk_css_provider_load_from_resource (css, BOBBIN_APP_PATH "/style-hc.css");
      gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (css),
                                                  GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
    }

  g_test_add_func ("/contrast/window", test_window);
  g_test_add_func ("/contrast/accounts", test_accounts);
  g_test_add_func ("/contrast/messages", test_messages);

  return g_test_run ();
}
