#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

# Installs what jobs run on: Java, a Python environment with Spark, and our own start-up files around it. Safe to run
# again at any time: it does only what is missing, and nothing in under a second when nothing is. A run that was
# interrupted is made good by the next one, because every step leaves its mark last.
#
#   setup.sh [--with-test-tools]
#
# LAMPLIGHTER_RUNTIME   where to install (default: ~/.local/share/lamplighter/runtime, by the XDG rules)
# LAMPLIGHTER_PYTHON    the Python to build on (default: the python3 on PATH), 3.11 or later
set -euo pipefail

SOURCE="$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"
RUNTIME="${LAMPLIGHTER_RUNTIME:-${XDG_DATA_HOME:-$HOME/.local/share}/lamplighter/runtime}"

# Exact versions, so that two machines run the same. setuptools: the last with pkg_resources, which old eggs import.
REQUIREMENTS=(
    pyspark==4.3.0 boto3==1.44.5 pip==26.3 setuptools==80.10.2 wheel==0.48.0
    # What notebooks are run with, and what they expect to find. pandas: the last that pyspark 4.3 was made for.
    ipython==9.18.1 numpy==2.4.6 pandas==2.3.3 pyarrow==26.0.1 matplotlib==3.11.2 matplotlib-inline==0.2.2
)
TEST_REQUIREMENTS=('moto[server]==5.2.5')

with_test_tools=false
for argument in "$@"; do
    case "$argument" in
        --with-test-tools) with_test_tools=true ;;
        -h | --help) sed -n '/^#   setup.sh/,/^set -/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; exit 0 ;;
        *) echo "setup.sh: unknown argument: $argument (known: --with-test-tools)" >&2; exit 2 ;;
    esac
done

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

case "$RUNTIME" in
    /*) ;;
    *) fail "LAMPLIGHTER_RUNTIME must be an absolute path, not $RUNTIME" ;;
esac
# A colon would split the class path, and the others would need escaping in Java's argument files.
case "$RUNTIME" in
    *[:\"\'\\\*$'\n']*) fail "the path $RUNTIME cannot be used: it holds one of : \" ' \\ * or a newline" ;;
esac

# --- system packages -------------------------------------------------------------------------------------------------

java_works() { command -v java > /dev/null && command -v javac > /dev/null; }

c_compiler() { command -v cc || command -v gcc || command -v clang; }

resolve_python() {
    local candidate="${LAMPLIGHTER_PYTHON:-python3}"
    # The python3 on PATH may be the shim of a version manager, which looks at the current directory on each start.
    "$candidate" -I -c 'import sys; print(sys.executable)' 2> /dev/null || true
}

install_packages() {
    local wanted=() python
    java_works || wanted+=(openjdk-17-jdk-headless)
    python="$(resolve_python)"
    if [[ -e "$RUNTIME/.marks/venv" ]]; then
        : # Python did its part already
    elif [[ -z "$python" ]]; then
        wanted+=(python3 python3-venv python3-pip)
    elif ! "$python" -I -c 'import ensurepip, venv' 2> /dev/null; then
        wanted+=(python3-venv python3-pip)
    fi
    [[ -x "$RUNTIME/bin/dbfs-exec" ]] || c_compiler > /dev/null || wanted+=(gcc libc6-dev)
    command -v curl > /dev/null || wanted+=(curl)
    command -v jq > /dev/null || wanted+=(jq)
    command -v rsync > /dev/null || wanted+=(rsync) # the command that MLflow Projects submits calls it
    [[ -e /usr/include/sqlite3.h || -e /usr/local/include/sqlite3.h ]] || wanted+=(libsqlite3-dev)
    [[ -e /etc/ssl/certs/ca-certificates.crt || -e /etc/pki/tls/certs/ca-bundle.crt || -e /etc/ssl/cert.pem ]] ||
        wanted+=(ca-certificates)
    ((${#wanted[@]})) || return 0

    command -v apt-get > /dev/null || fail "please install what these Debian packages hold: ${wanted[*]}"
    local as_root=()
    if ((EUID != 0)); then
        command -v sudo > /dev/null || fail "please run as root: apt-get install ${wanted[*]}"
        as_root=(sudo)
    fi
    say "installing system packages: ${wanted[*]} (up to 200 MB, most of it Java where that is missing)"
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=3 -y -qq)
    # The package lists may be missing or too old: refresh them only then.
    "${apt[@]}" install --no-install-recommends "${wanted[@]}" ||
        { "${apt[@]}" update && "${apt[@]}" install --no-install-recommends "${wanted[@]}"; }
}

# --- helpers ---------------------------------------------------------------------------------------------------------

# The marks: a step is done when its mark holds the key that it was done for.
is_done() { [[ -f "$RUNTIME/.marks/$1" && "$(< "$RUNTIME/.marks/$1")" == "$2" ]]; }
mark_done() {
    mkdir -p "$RUNTIME/.marks"
    printf '%s\n' "$2" > "$RUNTIME/.marks/.$1.tmp"
    mv -f "$RUNTIME/.marks/.$1.tmp" "$RUNTIME/.marks/$1"
}
mark_undone() { rm -f "$RUNTIME/.marks/$1"; }

# copy SOURCE TARGET: only where they differ, and never a half-written file where a task may be reading.
copy() {
    cmp -s -- "$1" "$2" && [[ -x "$1" && -x "$2" || ! -x "$1" && ! -x "$2" ]] && return 0
    mkdir -p "$(dirname -- "$2")"
    cp -p -- "$1" "$2.tmp.$$"
    mv -f -- "$2.tmp.$$" "$2"
}

digest() { sha256sum | cut -c1-32; }

# --- steps -----------------------------------------------------------------------------------------------------------

# An environment that works is kept, whatever python3 is on this caller's PATH: tasks may be running on it.
install_python() {
    local key="${REQUIREMENTS[*]}" venv="$RUNTIME/venv" keep=false python
    if [[ -n "${LAMPLIGHTER_PYTHON:-}" ]]; then key="$(resolve_python) $key"; fi
    if "$venv/bin/python" -I -c 'import pip' 2> /dev/null; then keep=true; fi
    # The mark ends as the key does; in front may stand the Python that somebody asked for.
    if $keep && [[ "$(cat "$RUNTIME/.marks/venv" 2> /dev/null)" == *"$key" ]]; then return 0; fi

    python="$(resolve_python)"
    [[ -n "$python" ]] || fail "no python3 found"
    "$python" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        fail "Spark 4.3 needs Python 3.11 or later; $python is $("$python" -I -V). Set LAMPLIGHTER_PYTHON to another."
    say "installing Spark into $venv (downloads about 570 MB once, takes 900 MB)"
    mark_undone venv
    if ! $keep || [[ -n "${LAMPLIGHTER_PYTHON:-}" ]]; then
        rm -rf "$venv"
        "$python" -I -m venv "$venv"
    fi
    # Two steps: the old pip and setuptools of a fresh environment are not what should build Spark's package.
    local requirement tools=() rest=()
    for requirement in "${REQUIREMENTS[@]}"; do
        case "$requirement" in
            pip=* | setuptools=* | wheel=*) tools+=("$requirement") ;;
            *) rest+=("$requirement") ;;
        esac
    done
    pip_install "${tools[@]}"
    pip_install "${rest[@]}"
    mark_done venv "$key"
}

install_test_tools() {
    is_done test-tools "$(< "$RUNTIME/.marks/venv") ${TEST_REQUIREMENTS[*]}" && return 0
    say "installing test tools: ${TEST_REQUIREMENTS[*]} (about 30 MB)"
    pip_install "${TEST_REQUIREMENTS[@]}"
    mark_done test-tools "$(< "$RUNTIME/.marks/venv") ${TEST_REQUIREMENTS[*]}"
}

pip_install() {
    "$RUNTIME/venv/bin/python" -m pip install --quiet --no-input --disable-pip-version-check --retries 5 "$@" ||
        fail "pip could not install: $*"
}

find_pyspark() {
    local found=("$RUNTIME"/venv/lib/python3*/site-packages/pyspark)
    [[ -d "${found[0]}/jars" ]] || fail "no Spark in $RUNTIME/venv; remove that directory and run setup.sh again"
    printf '%s\n' "${found[0]}"
}

# The jar goes into Spark's jar directory, because executors find their class path there by themselves.
install_jar() {
    local jars="$1/jars" key jar="$RUNTIME/lib/lamplighter-runtime.jar" work
    key="$(cat "$SOURCE"/java/org/lamplighter/runtime/*.java | digest)"
    is_done jar "$key" && [[ -f "$jar" ]] && return 0
    say "compiling lamplighter-runtime.jar"
    mark_undone jar
    work="$RUNTIME/.work/jar"
    rm -rf "$work" && mkdir -p "$work" "$RUNTIME/lib"
    javac --release 17 -d "$work" -cp "$jars/*" "$SOURCE"/java/org/lamplighter/runtime/*.java
    # The date on it follows from the sources: the JVM takes size and date as proof that an archived class is current.
    (cd "$work" && jar --create --file "$jar.tmp" --date=2025-01-01T00:00:00Z .)
    touch -d "@$((1500000000 + 16#${key:0:7}))" "$jar.tmp"
    mv -f "$jar.tmp" "$jar"
    rm -rf "$work"
    mark_done jar "$key"
}

# Static where the system has what that takes: every task starts through it. Kernels of notebooks load the library.
install_dbfs_exec() {
    local source="$SOURCE/native/dbfs-exec.c" target="$RUNTIME/bin/dbfs-exec" library="$RUNTIME/lib/dbfs-exec.so"
    local key compiler
    key="2 $(digest < "$source")"
    is_done dbfs-exec "$key" && [[ -x "$target" && -e "$library" ]] && return 0
    compiler="$(c_compiler)" || fail "no C compiler found (cc, gcc or clang)"
    say "compiling dbfs-exec"
    mark_undone dbfs-exec
    mkdir -p "$RUNTIME/bin" "$RUNTIME/lib"
    "$compiler" -std=gnu11 -O2 -static "$source" -o "$target.tmp" 2> /dev/null ||
        "$compiler" -std=gnu11 -O2 "$source" -o "$target.tmp"
    "$compiler" -std=gnu11 -O2 -DDBFS_EXEC_LIBRARY -fPIC -shared "$source" -o "$library.tmp"
    mv -f "$target.tmp" "$target"
    mv -f "$library.tmp" "$library"
    mark_done dbfs-exec "$key"
}

# The package of the notebook kernel. A module that is gone from the sources goes here too.
install_kernel() {
    local target="$RUNTIME/python/lamplighter" file
    while IFS= read -r file; do
        copy "$SOURCE/python/lamplighter/$file" "$target/$file"
    done < <(cd "$SOURCE/python/lamplighter" && find . -name '*.py' -printf '%P\n')
    while IFS= read -r file; do
        [[ -e "$SOURCE/python/lamplighter/$file" ]] || rm -f "$target/$file"
    done < <(cd "$target" && find . -name '*.py' -printf '%P\n')
}

link() { [[ "$(readlink -- "$2" 2> /dev/null)" == "$1" ]] || ln -sfn -- "$1" "$2"; }

install_spark_home() {
    local pyspark="$1" home="$RUNTIME/spark" file jar key
    for file in bin/spark-submit bin/spark-class bin/run-jar libexec/prelude.sh libexec/launch.py log4j2.properties; do
        copy "$SOURCE/spark/$file" "$home/$file"
    done
    key="3 $pyspark $(ls "$pyspark/jars" | digest)"
    is_done spark-home "$key" && return 0
    mark_undone spark-home
    # Empty on purpose: Spark puts it on every class path, and an archive of classes allows no filled directory there.
    rm -rf "$home/conf" "$home/python" && mkdir -p "$home/conf" "$home/jars" "$home/jvm"
    rewrite_jars "$pyspark"
    for jar in "$pyspark"/jars/*.jar "$RUNTIME"/lib/rewritten/*.jar "$RUNTIME/lib/lamplighter-runtime.jar"; do
        [[ -e "$jar" ]] && link "$jar" "$home/jars/${jar##*/}"
    done
    rm -rf "$RUNTIME/lib/unsigned" # what lib/rewritten was once
    for jar in "$home"/jars/*; do
        [[ -e "$jar" ]] || rm -f "$jar"
    done
    # Spark's launcher looks here for the Connect shell.
    link "$pyspark/jars/connect-repl" "$home/jars/connect-repl"
    # Spark puts python/lib/pyspark.zip in front of a Python worker's path. A directory of that name does as well, and
    # its modules stay compiled between two workers: the first worker of an application is up in 0.7 s instead of 1.1.
    mkdir -p "$home/python/lib/pyspark.zip"
    link "$pyspark" "$home/python/lib/pyspark.zip/pyspark"
    link "$pyspark" "$home/python/pyspark"
    mark_done spark-home "$key"
}

# Copies of some of Spark's jars take their places, rewritten:
# - The JVM archives no class of a signed jar. The two that are signed hold the compiler of generated code, which every
#   query needs: no signature. Nobody checks it: Spark itself came through pip.
# - Spark starts each JVM, executors too, with a module that makes it warn on standard error (JavaModuleOptions). Of all
#   the jars only the vectorised BLAS of MLlib uses it, and does without. The option becomes the one in front of it; a
#   run that wants the module has it by spark.driver.extraJavaOptions and spark.executor.extraJavaOptions.
rewrite_jars() {
    mkdir -p "$RUNTIME/lib/rewritten"
    "$RUNTIME/venv/bin/python" -I - "$1/jars" "$RUNTIME/lib/rewritten" << 'PYTHON'
import glob, os, re, shutil, sys, zipfile
source, target = sys.argv[1:]
signature = re.compile(r"META-INF/[^/]+\.(SF|RSA|DSA|EC)", re.I)
options_class = "org/apache/spark/launcher/JavaModuleOptions.class"

def constant(text):
    """As a class file holds it."""
    return b"\1" + len(text).to_bytes(2, "big") + text.encode()

def without_module(code):
    return code.replace(constant("--add-modules=jdk.incubator.vector"), constant("-XX:+IgnoreUnrecognizedVMOptions"))

for path in glob.glob(source + "/*.jar"):
    with zipfile.ZipFile(path) as jar:
        names = jar.namelist()
        if options_class not in names and not any(map(signature.fullmatch, names)):
            continue
        copy = f"{target}/{os.path.basename(path)}"
        with zipfile.ZipFile(copy + ".tmp", "w", zipfile.ZIP_DEFLATED) as rewritten:
            for entry in jar.infolist():
                if not signature.fullmatch(entry.filename):
                    code = jar.read(entry)
                    rewritten.writestr(entry, without_module(code) if entry.filename == options_class else code)
    shutil.copystat(path, copy + ".tmp")
    os.replace(copy + ".tmp", copy)
for copy in os.listdir(target):  # of an earlier version of Spark
    if not os.path.exists(f"{source}/{copy}"):
        os.remove(f"{target}/{copy}")
PYTHON
}

# The class path in exactly the order in which the JVM expands Spark's own `conf/:jars/slf4j-api*:jars/*` (the order of
# the directory): then the archive serves executors too, whose command line Spark writes.
write_jvm_files() {
    local home="$RUNTIME/spark" slf4j=("$RUNTIME/spark/jars"/slf4j-api-*.jar) path jar
    path="$home/conf/:${slf4j[0]}"
    while IFS= read -r jar; do
        path+=":$home/jars/$jar"
    done < <(cd "$home/jars" && ls -U | grep '\.jar$')
    printf '%s\n' "$path" > "$home/jvm/.classpath.tmp"
    {
        printf '%s\n' -cp "\"$path\""
        # What Spark's launcher gives every JVM (org.apache.spark.launcher.JavaModuleOptions), asked of Spark itself.
        module_options
        printf '%s\n' -Dderby.connection.requireAuthentication=false
    } > "$home/jvm/.options.tmp"
    copy "$home/jvm/.classpath.tmp" "$home/jvm/classpath"
    copy "$home/jvm/.options.tmp" "$home/jvm/options"
    rm -f "$home/jvm"/.*.tmp
}

module_options() {
    local cache="$RUNTIME/.marks/module-options" source="$RUNTIME/.work/Options.java"
    local key; key="$(< "$RUNTIME/.marks/spark-home")"
    if ! is_done module-options-key "$key" || [[ ! -s "$cache" ]]; then
        mkdir -p "$RUNTIME/.work"
        printf '%s\n' 'public class Options { public static void main(String[] a) {' \
            'for (String o : org.apache.spark.launcher.JavaModuleOptions.defaultModuleOptions().split(" "))' \
            'if (!o.isEmpty()) System.out.println(o); } }' > "$source"
        java -cp "$RUNTIME/spark/jars/*" "$source" > "$cache.tmp"
        mv -f "$cache.tmp" "$cache"
        mark_done module-options-key "$key"
    fi
    cat "$cache"
}

# An archive of the classes that a start loads, already parsed and verified: it more than halves the start of Spark.
install_archive() {
    local home="$RUNTIME/spark" work="$RUNTIME/.work/archive" java_version list_key key
    java_version="$(readlink -f "$(command -v java)")"
    java_version+=" $(cat "$(dirname -- "$java_version")/../release" 2> /dev/null || java -version 2>&1)"
    list_key="$(cat - "$home/jvm/classpath" "$home/jvm/options" "$SOURCE/spark/libexec/train.py" <<< "2 $java_version" |
        digest)"
    key="$list_key $(stat -L -c '%n %s %Y' "$home"/jars/*.jar | digest)"
    is_done archive "$key" && [[ -f "$home/jvm/classes.jsa" ]] && return 0

    say "preparing fast starts: recording and archiving Spark's classes (about two minutes, 250 MB; once)"
    if ! is_done class-list "$list_key" || [[ ! -s "$home/jvm/classes.list" ]]; then
        rm -rf "$work" && mkdir -p "$work"
        if ! (cd "$work" && LAMPLIGHTER_TASK_DIR="$work" SPARK_HOME="$home" SPARK_SCALA_VERSION=2.13 \
            SPARK_LOCAL_IP=127.0.0.1 PYTHONHASHSEED=0 PYSPARK_PYTHON="$RUNTIME/venv/bin/python" \
            PYSPARK_DRIVER_PYTHON="$RUNTIME/venv/bin/python" SPARK_CONF_DIR= \
            timeout -k 10 900 \
            java -Xshare:off -XX:DumpLoadedClassList="$work/driver.list" -Xmx1g "@$home/jvm/options" \
            "-Dlog4j2.configurationFile=file:$home/log4j2.properties" \
            org.apache.spark.deploy.SparkSubmit --master 'local-cluster[1,1,1024]' --conf spark.ui.port=0 \
            --conf spark.extraListeners=org.lamplighter.runtime.RunListener \
            --conf "spark.executor.extraJavaOptions=-Xshare:off '-XX:DumpLoadedClassList=$work/executor.list'" \
            "$SOURCE/spark/libexec/train.py" "$work") > "$RUNTIME/setup.log" 2>&1; then
            say "warning: the recording failed (see $RUNTIME/setup.log); Spark works, but starts slowly"
            return 0
        fi
        record_scala "$work"
        # A class list may name classes by number; those of a second list would collide, so its plain lines only.
        awk '!seen[$0]++' "$work/driver.list" <(grep -hv ' id: ' "$work/executor.list" "$work/scala.list") \
            <(main_classes) \
            > "$work/classes.list"
        mv -f "$work/classes.list" "$home/jvm/classes.list"
        rm -rf "$work" "$home/work"
        mark_done class-list "$list_key"
    fi
    mark_undone archive
    if java -Xmx2g -Xlog:disable -Xshare:dump "-XX:SharedClassListFile=$home/jvm/classes.list" \
        "-XX:SharedArchiveFile=$home/jvm/classes.jsa.tmp" "@$home/jvm/options" > "$RUNTIME/setup.log" 2>&1; then
        mv -f "$home/jvm/classes.jsa.tmp" "$home/jvm/classes.jsa"
        mark_done archive "$key"
    else
        rm -f "$home/jvm/classes.jsa.tmp"
        say "warning: the archive could not be made (see $RUNTIME/setup.log); Spark works, but starts slowly"
    fi
}

# The compiler, for the Scala cells of notebooks: two seconds less CPU of the eleven that a start and the first cell take.
record_scala() {
    touch "$1/scala.list"
    (cd "$1" && timeout -k 10 900 java -Xshare:off "-XX:DumpLoadedClassList=$1/scala.list" -Xmx1g \
        "@$RUNTIME/spark/jvm/options" scala.tools.nsc.MainGenericRunner -usejavacp \
        -e 'case class A(n: Int); println(List(A(1)).map(_.n + 1).sum)') >> "$RUNTIME/setup.log" 2>&1 ||
        say "warning: Scala's classes could not be recorded; Scala cells work, but the first one is slow"
}

main_classes() { printf '%s\n' org/lamplighter/runtime/JarMain org/lamplighter/runtime/TaskFiles; }

# --- all together ----------------------------------------------------------------------------------------------------

install_packages

mkdir -p "$RUNTIME"
exec 9> "$RUNTIME/.lock"
if ! flock -n 9; then
    say "another setup is running; waiting for it"
    flock 9
fi

install_python
if $with_test_tools; then install_test_tools; fi
PYSPARK="$(find_pyspark)"
install_jar "$PYSPARK"
install_dbfs_exec
install_spark_home "$PYSPARK"
write_jvm_files
for file in driver.py prepare.py; do
    copy "$SOURCE/python/$file" "$RUNTIME/python/$file"
done
install_kernel
install_archive

version="$(find "$SOURCE" -type f -not -path '*/tests/*' -not -name '*.pyc' -not -name README.md -print0 |
    LC_ALL=C sort -z | xargs -0 cat | digest)"
if [[ "$(cat "$RUNTIME/VERSION" 2> /dev/null)" != "$version" ]]; then
    printf '%s\n' "$version" > "$RUNTIME/.VERSION.tmp"
    mv -f "$RUNTIME/.VERSION.tmp" "$RUNTIME/VERSION"
    say "done: $RUNTIME"
fi
