package dev.mynah.server.payment;

/**
 * With what an organisation pays its renewals: names that its provider gave, no card number.
 *
 * @param provider whose names these are
 */
public record PaymentMethod(String provider, String customer, String method) {}
