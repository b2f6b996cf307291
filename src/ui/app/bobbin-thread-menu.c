#define G_LOG_DOMAIN "bobbin-ui"
#include "config.h"
#include "app/bobbin-thread-menu.h"

#include "model/bobbin-thread.h"
#include "util/bobbin-id.h"

#include <glib/gi18n.h>

static void
append (GMenu        *section,
        const char   *label,
        const char   *action,
        BobbinThread *thread)
{
  g_autoptr(GMenuItem) item = g_menu_item_new (label, NULL);
  g_autofree char *id = bobbin_id_to_string (bobbin_thread_get_id (thread));

  g_menu_item_set_action_and_target (item, action, "s", id);
  g_menu_append_item (section, item);
}

static void
append_section (GMenu *menu,
                GMenu *section)
{
  if (g_menu_model_get_n_items (G_MENU_MODEL (section)) > 0)
    g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
  g_object_unref (section);
}

GMenuModel *
bobbin_thread_menu_new (BobbinThread         *thread,
                        BobbinThreadMenuPlace place,
                        BobbinCapabilities    can)
{
  GMenu *menu = g_menu_new ();
  GMenu *section;

  g_return_val_if_fail (BOBBIN_IS_THREAD (thread), G_MENU_MODEL (menu));

  if (bobbin_thread_get_deleted_us (thread) != 0)
    {
      append (menu, _("_Restore"), "win.restore-thread", thread);
      append (menu, _("_Delete Now…"), "win.purge-thread", thread);
      return G_MENU_MODEL (menu);
    }

  section = g_menu_new ();
  append (section, _("_Rename…"), "win.rename-thread", thread);
  if (!bobbin_thread_get_archived (thread))
    append (section, bobbin_thread_get_pinned (thread) ? _("Un_pin") : _("_Pin"), "win.pin-thread", thread);
  if (place == BOBBIN_THREAD_MENU_LIST && !bobbin_thread_get_unread (thread))
    append (section, _("Mark as _Unread"), "win.mark-thread-unread", thread);
  append (section, _("_Labels…"), "win.label-thread", thread);
  if (bobbin_thread_get_expires_soon (thread))
    append (section, _("_Keep Alive…"), "win.keep-thread-alive", thread);
  append_section (menu, section);

  section = g_menu_new ();
  if (place == BOBBIN_THREAD_MENU_HEADER && (can & BOBBIN_CAN_CHANGE_AGENT) != 0)
    append (section, _("Change A_gent…"), "win.change-agent", thread);
  append (section, _("Open in New _Window"), "win.open-thread-in-window", thread);
  if (place == BOBBIN_THREAD_MENU_LIST)
    append (section, _("_Select"), "win.select-thread", thread);
  append (section, _("_Copy Conversation ID"), "win.copy-thread-id", thread);
  if (place == BOBBIN_THREAD_MENU_HEADER && bobbin_thread_get_server_id (thread) != NULL)
    append (section, _("_Start Over with the Agent"), "win.start-over", thread);
  append_section (menu, section);

  section = g_menu_new ();
  append (section, _("_Export…"), "win.export-thread", thread);
  append (section, _("Save as P_DF…"), "win.save-thread-as-pdf", thread);
  append (section, _("Prin_t…"), "win.print-thread", thread);
  append_section (menu, section);

  section = g_menu_new ();
  append (section, bobbin_thread_get_archived (thread) ? _("Un_archive") : _("_Archive"), "win.archive-thread", thread);
  append (section, _("_Delete"), "win.delete-thread", thread);
  append_section (menu, section);

  return G_MENU_MODEL (menu);
}
