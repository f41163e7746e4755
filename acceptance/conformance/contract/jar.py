# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""A JAR for checks of JAR tasks, made without a Java compiler at hand."""

import base64
import io
import zipfile

# javac --release 8 -g:none of:
#   public class Echo {
#       public static void main(String[] arguments) { System.out.println(String.join("|", arguments)); }
#   }
ECHO_CLASS = base64.b64decode("""
yv66vgAAADQAIAoAAgADBwAEDAAFAAYBABBqYXZhL2xhbmcvT2JqZWN0AQAGPGluaXQ+AQADKClWCQAIAAkHAAoMAAsADAEAEGph
dmEvbGFuZy9TeXN0ZW0BAANvdXQBABVMamF2YS9pby9QcmludFN0cmVhbTsIAA4BAAF8CgAQABEHABIMABMAFAEAEGphdmEvbGFu
Zy9TdHJpbmcBAARqb2luAQBFKExqYXZhL2xhbmcvQ2hhclNlcXVlbmNlO1tMamF2YS9sYW5nL0NoYXJTZXF1ZW5jZTspTGphdmEv
bGFuZy9TdHJpbmc7CgAWABcHABgMABkAGgEAE2phdmEvaW8vUHJpbnRTdHJlYW0BAAdwcmludGxuAQAVKExqYXZhL2xhbmcvU3Ry
aW5nOylWBwAcAQAERWNobwEABENvZGUBAARtYWluAQAWKFtMamF2YS9sYW5nL1N0cmluZzspVgAhABsAAgAAAAAAAgABAAUABgAB
AB0AAAARAAEAAQAAAAUqtwABsQAAAAAACQAeAB8AAQAdAAAAGQADAAEAAAANsgAHEg0quAAPtgAVsQAAAAAAAA==
""")


def echo_jar():
    """The bytes of a JAR whose class Echo prints its arguments with bars between them."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as jar:
        jar.writestr("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n\n")
        jar.writestr("Echo.class", ECHO_CLASS)
    return file.getvalue()
