#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "sidebar/bobbin-activity-text.h"

#include <glib/gi18n.h>

static const struct
{
  const char *label;
  const char *icon;
  const char *color;
} texts[] = {
  [BOBBIN_ACTIVITY_NONE] = { NULL, NULL, NULL },
  [BOBBIN_ACTIVITY_EXPIRES_SOON] = { N_("Expires soon"), "bobbin-expires-symbolic", "warning_color" },
  [BOBBIN_ACTIVITY_UNREAD] = { N_("Unread"), "bobbin-unread-symbolic", "accent_color" },
  [BOBBIN_ACTIVITY_DRAFT] = { N_("Draft"), "bobbin-edit-symbolic", NULL },
  [BOBBIN_ACTIVITY_QUEUED] = { N_("Queued"), "bobbin-clock-symbolic", NULL },
  [BOBBIN_ACTIVITY_FAILED] = { N_("Failed"), "bobbin-error-symbolic", "error_color" },
  [BOBBIN_ACTIVITY_NEEDS_KEY] = { N_("Needs a key"), "bobbin-key-symbolic", "warning_color" },
  [BOBBIN_ACTIVITY_ANSWERING] = { N_("Answering"), NULL, "accent_color" },
  [BOBBIN_ACTIVITY_APPROVAL] = { N_("Needs approval"), "bobbin-question-symbolic", "warning_color" },
};

const char *
bobbin_activity_get_label (BobbinActivity activity)
{
  g_return_val_if_fail ((guint) activity < G_N_ELEMENTS (texts), NULL);

  return texts[activity].label != NULL ? _(texts[activity].label) : NULL;
}

const char *
bobbin_activity_get_icon (BobbinActivity activity)
{
  g_return_val_if_fail ((guint) activity < G_N_ELEMENTS (texts), NULL);

  return texts[activity].icon;
}

const char *
bobbin_activity_get_color (BobbinActivity activity)
{
  g_return_val_if_fail ((guint) activity < G_N_ELEMENTS (texts), NULL);

  return texts[activity].color;
}
