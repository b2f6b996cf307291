/* Which fields the account editor shows for each kind of service, and what it calls them. Pure
 * functions over one table; what a service can do comes from its capabilities. */
#pragma once

#include "model/bobbin-account.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean    url;       /* the address can be chosen */
  gboolean    key;
  gboolean    agent;
  gboolean    transport; /* there is more than one way to carry it */
  const char *summary;   /* one line on the service */
  const char *agent_hint;/* (nullable) what the agent's id looks like, or what it is for */
} BobbinServiceFields;

const BobbinServiceFields *bobbin_service_fields_get      (BobbinService service);
/* The services an account can be added for, in order. Returns: their number; @ret_services holds
 * BOBBIN_N_SERVICES. */
guint                      bobbin_service_fields_list     (BobbinService *ret_services);
/* Returns: (transfer full): the service's name, with a number when @accounts already have it. */
char                      *bobbin_service_fields_dup_name (BobbinService service, GListModel *accounts) G_GNUC_WARN_UNUSED_RESULT;
/* Returns: (transfer full): what is wrong with an address, in words. */
char                      *bobbin_service_fields_dup_url_problem (const GError *error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
