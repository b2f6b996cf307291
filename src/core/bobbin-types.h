/* Forward declarations of every core type. Headers include this one, not each other. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* util */
typedef struct _BobbinClock   BobbinClock;
typedef struct _BobbinFailure BobbinFailure;

/* model */
typedef struct _BobbinAccount    BobbinAccount;
typedef struct _BobbinAgent      BobbinAgent;
typedef struct _BobbinRule       BobbinRule;
typedef struct _BobbinLabel      BobbinLabel;
typedef struct _BobbinThread     BobbinThread;
typedef struct _BobbinMessage    BobbinMessage;
typedef struct _BobbinBlock      BobbinBlock;
typedef struct _BobbinAttachment BobbinAttachment;
typedef struct _BobbinDraft      BobbinDraft;
typedef struct _BobbinEvent      BobbinEvent;

/* transport */
typedef struct _BobbinHttp   BobbinHttp;
typedef struct _BobbinWsLink BobbinWsLink;

/* backend */
typedef struct _BobbinBackend BobbinBackend;
typedef struct _BobbinChannel BobbinChannel;
typedef struct _BobbinTurn    BobbinTurn;

/* store, secret */
typedef struct _BobbinStore   BobbinStore;
typedef struct _BobbinSecrets BobbinSecrets;

/* session */
typedef struct _BobbinSession BobbinSession;
typedef struct _BobbinPager   BobbinPager;
typedef struct _BobbinLibrary BobbinLibrary;

G_END_DECLS
