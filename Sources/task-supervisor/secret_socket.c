// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

#define _GNU_SOURCE 1
#include "secret_socket.h"

#include <unistd.h>

#include "text.h"

static const char name[] = "redact";

/// More than a datagram can have by the kernel's settings.
enum { MAX_SECRET = 1 << 19 };

int secret_socket_open(int directory) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    // The path of the directory may be longer than an address.
    struct text path = {0};
    text_append(&path, "/proc/self/fd/");
    text_append_number(&path, directory);
    text_append(&path, "/");
    text_append(&path, name);
    for (size_t index = 0; index < path.length; index++) address.sun_path[index] = path.bytes[index];
    int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor >= 0 && bind(descriptor, (struct sockaddr *)&address, sizeof address) == 0) return descriptor;
    if (descriptor >= 0) close(descriptor);
    return -1;
}

bool secret_socket_receive(int socket, struct secrets *secrets, struct secret_sender *sender) {
    static char bytes[MAX_SECRET];
    sender->length = sizeof sender->address;
    ssize_t length = recvfrom(socket, bytes, sizeof bytes, 0, (struct sockaddr *)&sender->address, &sender->length);
    if (length < 0) return false;
    secrets_add(secrets, bytes, (size_t)length);
    return true;
}

void secret_socket_answer(int socket, const struct secret_sender *sender) {
    if (sender->length > sizeof(sa_family_t))
        sendto(socket, "k", 1, MSG_NOSIGNAL, (const struct sockaddr *)&sender->address, sender->length);
}

void secret_socket_close(int socket, int directory) {
    if (socket < 0) return;
    close(socket);
    unlinkat(directory, name, 0);
}
