/** The OpenAPI document of the service, made of its own routes. */
@NullMarked
package dev.mynah.server.openapi;

import org.jspecify.annotations.NullMarked;
