// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

package org.lamplighter.runtime;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import scala.Option;
import scala.collection.immutable.Map;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** {@code dbutils} of Scala cells. What it does is done by the notebook's Python, so both see the same. */
public final class NotebookUtils {
    public final Widgets widgets = new Widgets();
    public final Notebook notebook = new Notebook();
    public final Secrets secrets = new Secrets();
    public final Fs fs = new Fs();

    /** Another one after a restart of Python. */
    volatile NotebookCalls calls;

    NotebookUtils(NotebookCalls calls) {
        this.calls = calls;
    }

    /** A refusal, or an end of the notebook that is no error. */
    public static final class CallFailed extends RuntimeException {
        CallFailed(String message) {
            super(message);
        }
    }

    String call(String name, Object... arguments) {
        Object[] all = new Object[4];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        String answer = calls.call(name, all[0], all[1], all[2], all[3]);
        if (answer.charAt(0) == '!') {
            throw new CallFailed(answer.substring(1));
        }
        return answer.charAt(0) == '0' ? null : answer.substring(1);
    }

    private Seq<String> list(String name, Object... arguments) {
        String answer = call(name, arguments);
        return answer == null ? seq(List.of()) : seq(List.of(answer.split("\0", -1)));
    }

    private static <T> Seq<T> seq(List<T> list) {
        return CollectionConverters.asScala(list).toList();
    }

    private static String joined(Iterable<String> parts) {
        return String.join("\0", parts);
    }

    public final class Widgets {
        public void text(String name, String defaultValue) {
            call("widgets.text", name, defaultValue);
        }

        public void text(String name, String defaultValue, String label) {
            text(name, defaultValue);
        }

        public void dropdown(String name, String defaultValue, scala.collection.Seq<String> choices) {
            call("widgets.dropdown", name, defaultValue, joined(CollectionConverters.asJava(choices)));
        }

        public void dropdown(String name, String value, scala.collection.Seq<String> choices, String label) {
            dropdown(name, value, choices);
        }

        public void combobox(String name, String defaultValue, scala.collection.Seq<String> choices) {
            call("widgets.combobox", name, defaultValue, joined(CollectionConverters.asJava(choices)));
        }

        public void combobox(String name, String value, scala.collection.Seq<String> choices, String label) {
            combobox(name, value, choices);
        }

        public void multiselect(String name, String defaultValue, scala.collection.Seq<String> choices) {
            call("widgets.multiselect", name, defaultValue, joined(CollectionConverters.asJava(choices)));
        }

        public void multiselect(String name, String value, scala.collection.Seq<String> choices, String label) {
            multiselect(name, value, choices);
        }

        public String get(String name) {
            return call("widgets.get", name);
        }

        public Map<String, String> getAll() {
            java.util.Map<String, String> all = new java.util.LinkedHashMap<>();
            String answer = call("widgets.getAll");
            String[] parts = answer == null ? new String[0] : answer.split("\0", -1);
            for (int i = 0; i + 1 < parts.length; i += 2) {
                all.put(parts[i], parts[i + 1]);
            }
            return scala.collection.immutable.Map$.MODULE$.from(CollectionConverters.asScala(all));
        }

        public void help() {
            call("widgets.help");
        }

        public String getArgument(String name, String defaultValue) {
            return call("widgets.getArgument", name, defaultValue);
        }

        public String getArgument(String name) {
            return get(name);
        }

        public void remove(String name) {
            call("widgets.remove", name);
        }

        public void removeAll() {
            call("widgets.removeAll");
        }
    }

    public final class Notebook {
        public void exit(String value) {
            call("notebook.exit", value);
        }

        public Context getContext() {
            return new Context();
        }

        public void help() {
            call("notebook.help");
        }

        public String run(String path, int timeoutSeconds) {
            return call("notebook.run", path, timeoutSeconds);
        }

        public String run(String path, int timeoutSeconds, Map<String, String> arguments) {
            List<String> parts = new ArrayList<>();
            CollectionConverters.asJava(arguments).forEach((name, value) -> {
                parts.add(name);
                parts.add(value);
            });
            return call("notebook.run", path, timeoutSeconds, joined(parts));
        }
    }

    /** What a notebook reads of itself. */
    public final class Context {
        private Option<String> value(String name) {
            return Option.apply(call("context." + name));
        }

        public Option<String> notebookPath() {
            return value("notebookPath");
        }

        public Option<String> jobId() {
            return value("jobId");
        }

        public Option<String> currentRunId() {
            return value("currentRunId");
        }

        public Option<String> apiUrl() {
            return value("apiUrl");
        }

        public Option<String> apiToken() {
            return value("apiToken");
        }
    }

    public void help() {
        call("help");
    }

    public final class Secrets {
        public byte[] getBytes(String scope, String key) {
            return Base64.getDecoder().decode(call("secrets.getBytes", scope, key));
        }

        public void help() {
            call("secrets.help");
        }

        public String get(String scope, String key) {
            return call("secrets.get", scope, key);
        }

        public Seq<String> list(String scope) {
            return NotebookUtils.this.list("secrets.list", scope);
        }

        public Seq<String> listScopes() {
            return NotebookUtils.this.list("secrets.listScopes");
        }
    }

    /** One entry of ls. */
    public record FileInfo(String path, String name, long size, long modificationTime) {}

    public final class Fs {
        public Seq<FileInfo> ls(String path) {
            List<FileInfo> entries = new ArrayList<>();
            String answer = call("fs.ls", path);
            String[] parts = answer == null ? new String[0] : answer.split("\0", -1);
            for (int i = 0; i + 3 < parts.length; i += 4) {
                entries.add(new FileInfo(
                    parts[i], parts[i + 1], Long.parseLong(parts[i + 2]), Long.parseLong(parts[i + 3])));
            }
            return seq(entries);
        }

        public boolean cp(String from, String to) {
            return cp(from, to, false);
        }

        public boolean cp(String from, String to, boolean recurse) {
            return Boolean.parseBoolean(call("fs.cp", from, to, recurse));
        }

        public boolean mv(String from, String to) {
            return mv(from, to, false);
        }

        public boolean mv(String from, String to, boolean recurse) {
            return Boolean.parseBoolean(call("fs.mv", from, to, recurse));
        }

        public boolean rm(String path) {
            return rm(path, false);
        }

        public boolean rm(String path, boolean recurse) {
            return Boolean.parseBoolean(call("fs.rm", path, recurse));
        }

        public boolean mkdirs(String path) {
            return Boolean.parseBoolean(call("fs.mkdirs", path));
        }

        public boolean put(String path, String contents) {
            return put(path, contents, false);
        }

        public boolean put(String path, String contents, boolean overwrite) {
            return Boolean.parseBoolean(call("fs.put", path, contents, overwrite));
        }

        /** Refused: see Python's. */
        public void mounts() {
            call("fs.mounts");
        }

        public void mount(String source, String mountPoint) {
            call("fs.mount", source, mountPoint);
        }

        public void unmount(String mountPoint) {
            call("fs.unmount", mountPoint);
        }

        public void help() {
            call("fs.help");
        }

        public String head(String path) {
            return head(path, 65536);
        }

        public String head(String path, int maxBytes) {
            return call("fs.head", path, maxBytes);
        }
    }
}
