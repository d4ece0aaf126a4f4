package dev.mynah.server.account;

/**
 * The browser or program that makes a request.
 *
 * @param address where it is
 * @param agent   what it calls itself
 */
public record Client(String address, String agent) {}
