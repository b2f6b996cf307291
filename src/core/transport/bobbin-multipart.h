/* The body of an upload: multipart/form-data with one file and some words (RFC 7578), read lazily. */
#pragma once

#include "bobbin-types.h"
#include "transport/bobbin-body-stream.h"

G_BEGIN_DECLS

/* @fields: (nullable): names and values in turn, NULL-terminated; they stand in front of the file.
 * @file_field: the name of the part that holds @attachment.
 * @content_type: (nullable): of the file where it must be another than the attachment's.
 * @ret_content_type: (transfer full): of the whole body, with its boundary. */
BobbinBodyStream *bobbin_multipart_new (const char *const *fields, const char *file_field, BobbinAttachment *attachment,
                                        const char *content_type, char **ret_content_type) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
