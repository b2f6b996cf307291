/* The list the sidebar shows: the library's threads with a heading item in front of each group
 * (pinned, today, yesterday, …), less those a filter leaves out. GtkListView of 4.8 has no
 * section headers, so headings are items of their own.
 *
 * It relies on the order of its source: pinned first, then newest use. Every change is told as
 * one items-changed() of the smallest range, so that a selection survives a conversation that
 * moves to the top. */
#pragma once

#include "bobbin-types.h"

G_BEGIN_DECLS

#define BOBBIN_TYPE_THREAD_GROUP (bobbin_thread_group_get_type ())
G_DECLARE_FINAL_TYPE (BobbinThreadGroup, bobbin_thread_group, BOBBIN, THREAD_GROUP, GObject)

/* A heading. Immutable. */
BobbinThreadGroup *bobbin_thread_group_new       (const char *label) G_GNUC_WARN_UNUSED_RESULT;
const char        *bobbin_thread_group_get_label (BobbinThreadGroup *self);

#define BOBBIN_TYPE_THREAD_GROUPS (bobbin_thread_groups_get_type ())
G_DECLARE_FINAL_TYPE (BobbinThreadGroups, bobbin_thread_groups, BOBBIN, THREAD_GROUPS, GObject)

/* A GListModel of BobbinThreadGroup and BobbinThread. */
BobbinThreadGroups *bobbin_thread_groups_new         (BobbinClock *clock) G_GNUC_WARN_UNUSED_RESULT;
/* @threads: (nullable): GListModel of BobbinThread */
void                bobbin_thread_groups_set_threads (BobbinThreadGroups *self, GListModel *threads);
/* 0: all accounts */
void                bobbin_thread_groups_set_account (BobbinThreadGroups *self, gint64 account_id);
/* (nullable): only conversations whose title or last line has every word of it, letter case and
 * accents apart. */
void                bobbin_thread_groups_set_query   (BobbinThreadGroups *self, const char *query);
/* A day may have begun: puts threads under the right heading. Cheap when none has. */
void                bobbin_thread_groups_check_day   (BobbinThreadGroups *self);
/* Position of @thread, G_MAXUINT when it is not shown. */
guint               bobbin_thread_groups_find        (BobbinThreadGroups *self, BobbinThread *thread);
guint               bobbin_thread_groups_get_n_threads (BobbinThreadGroups *self);

G_END_DECLS
