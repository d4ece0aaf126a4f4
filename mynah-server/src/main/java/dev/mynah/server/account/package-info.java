/** Who uses the service: users, sessions, organisations with their projects, API keys. */
@NullMarked
package dev.mynah.server.account;

import org.jspecify.annotations.NullMarked;
