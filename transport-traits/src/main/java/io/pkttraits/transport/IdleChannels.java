// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.channel.Channel;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The unused connections of one pool, the latest used first; one that lies there for too long is closed. Taking the latest
 * leaves the oldest at the head, so one timer for all of them is enough.
 *
 * <p>Thread-safe. Channels are closed outside of the lock.
 */
final class IdleChannels {
    private record Entry(Channel channel, long sinceNanos) {}

    private final EventExecutor executor;
    private final long idleNanos;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private ScheduledFuture<?> timer;
    private boolean closed;

    IdleChannels(EventExecutor executor, long idleNanos) {
        this.executor = executor;
        this.idleNanos = idleNanos;
    }

    /** Returns {@code false}, and keeps nothing, once {@link #close} was called. */
    synchronized boolean offer(Channel channel) {
        if (closed) {
            return false;
        }
        entries.addLast(new Entry(channel, System.nanoTime()));
        if (timer == null) {
            timer = executor.schedule(this::closeExpired, idleNanos, TimeUnit.NANOSECONDS);
        }
        return true;
    }

    synchronized Channel poll() {
        Entry latest = entries.pollLast();
        return latest == null ? null : latest.channel;
    }

    /** Takes out a channel that was closed by its peer. */
    synchronized void remove(Channel channel) {
        for (Iterator<Entry> i = entries.iterator(); i.hasNext(); ) {
            if (i.next().channel == channel) {
                i.remove();
                return;
            }
        }
    }

    synchronized int size() {
        return entries.size();
    }

    /** Closes every channel that is unused now. */
    void closeAll() {
        closeEach(takeAll());
    }

    /** Closes every channel that is unused now, and takes no more. */
    void close() {
        synchronized (this) {
            closed = true;
            if (timer != null) {
                timer.cancel(false);
                timer = null;
            }
        }
        closeAll();
    }

    private synchronized List<Channel> takeAll() {
        List<Channel> all = new ArrayList<>(entries.size());
        entries.forEach(entry -> all.add(entry.channel));
        entries.clear();
        return all;
    }

    private void closeExpired() {
        closeEach(takeExpired());
    }

    private synchronized List<Channel> takeExpired() {
        List<Channel> expired = new ArrayList<>();
        long now = System.nanoTime();
        for (Entry oldest = entries.peekFirst(); oldest != null; oldest = entries.peekFirst()) {
            long left = idleNanos - (now - oldest.sinceNanos);
            if (left > 0) {
                timer = executor.schedule(this::closeExpired, left, TimeUnit.NANOSECONDS);
                return expired;
            }
            expired.add(oldest.channel);
            entries.removeFirst();
        }
        timer = null;
        return expired;
    }

    private static void closeEach(List<Channel> channels) {
        for (Channel channel : channels) {
            channel.close();
        }
    }
}
