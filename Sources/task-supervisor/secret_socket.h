// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

#ifndef SUPERVISOR_SECRET_SOCKET_H
#define SUPERVISOR_SECRET_SOCKET_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "redaction.h"

/// How the task tells what its output must not show while it runs: a datagram socket DIR/redact. Each datagram is a
/// value, and is answered by one byte once nothing of it can be seen.

/// Who waits for the answer.
struct secret_sender {
    struct sockaddr_un address;
    socklen_t length;
};

/// -1 where there can be none.
int secret_socket_open(int directory);

/// Adds the next value. False when there is none now.
bool secret_socket_receive(int socket, struct secrets *secrets, struct secret_sender *sender);

void secret_socket_answer(int socket, const struct secret_sender *sender);

void secret_socket_close(int socket, int directory);

#endif
