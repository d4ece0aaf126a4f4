package dev.mynah.server.upstream;

/**
 * A way to a model.
 *
 * @param model  its name there
 * @param weight how many of the requests go there, against other routes
 */
public record Route(Upstream upstream, String model, int weight) {}
