#ifndef DROPSET_OBJECTS_H
#define DROPSET_OBJECTS_H

/* What a descriptor is of: "map", "program", "link", or "unknown". */
const char *object_kind(int fd);

#endif
