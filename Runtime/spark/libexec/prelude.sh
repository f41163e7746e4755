# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

# Sourced by every script in bin/, with its arguments in place: finds this Spark home, loads the caller's spark-env.sh
# once (it is shell, so it has to be done here) and becomes launch.py, which becomes the JVM.
SPARK_HOME="$(cd -P -- "${BASH_SOURCE[0]%/*}/.." && pwd)" || exit 1
# Without the Scala version a Worker looks for a build tree and no executor ever starts.
export SPARK_HOME SPARK_SCALA_VERSION=2.13
# Spark's default is the `python3` on PATH, which knows no pyspark.
export PYSPARK_PYTHON="${PYSPARK_PYTHON:-${SPARK_HOME%/*}/venv/bin/python}"

if [[ -z "${SPARK_ENV_LOADED:-}" ]]; then
    export SPARK_ENV_LOADED=1
    if [[ -n "${SPARK_CONF_DIR:-}" && -f "$SPARK_CONF_DIR/spark-env.sh" ]]; then
        set -a
        . "$SPARK_CONF_DIR/spark-env.sh"
        set +a
    fi
fi

exec "${SPARK_HOME%/*}/venv/bin/python" -I -S "$SPARK_HOME/libexec/launch.py" "${BASH_SOURCE[1]##*/}" "$@"
