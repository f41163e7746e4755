// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// How a page shows the model that it carries.
enum NotebookViewer {
    static let style = """
        body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: #1b1f24; background: #fff }
        main { max-width: 60rem; margin: 0 auto; padding: 1rem }
        section { margin: 1rem 0; border: 1px solid #d5dae0; border-radius: 6px; overflow: hidden }
        section h2 { font-size: 1rem; margin: 0; padding: .4rem .8rem; background: #f4f6f8 }
        pre { margin: 0; padding: .6rem .8rem; overflow: auto; font: 13px/1.5 ui-monospace, monospace; white-space: pre-wrap }
        pre.code { background: #f8f9fb } pre.error { color: #a40e26 }
        .text { padding: .2rem .8rem; white-space: pre-wrap }
        .output { border-top: 1px solid #d5dae0; overflow: auto } img { max-width: 100% }
        iframe { border: 0; width: 100%; height: 24rem }
        table { border-collapse: collapse; font-size: 13px } td, th { border: 1px solid #d5dae0; padding: .15rem .5rem }
        """

    /// What a notebook has made is shown as text, or in a frame that has no rights.
    static let script = #"""
        (function () {
          var model = JSON.parse(decodeURIComponent(atob(__DATABRICKS_NOTEBOOK_MODEL)));
          var main = document.querySelector('main');
          function add(parent, tag, name, text) {
            var element = document.createElement(tag);
            if (name) element.className = name;
            if (text !== undefined) element.textContent = text;
            parent.appendChild(element);
            return element;
          }
          function plain(text) { return String(text).replace(/\u001b\[[0-9;]*[A-Za-z]/g, ''); }
          function frame(parent, html) {
            var element = add(parent, 'iframe');
            element.setAttribute('sandbox', 'allow-scripts');
            element.srcdoc = html;
          }
          function table(parent, result) {
            var element = add(parent, 'table'), head = add(element, 'tr');
            (result.schema || []).forEach(function (column) { add(head, 'th', '', column.name); });
            result.data.forEach(function (row) {
              var line = add(element, 'tr');
              row.forEach(function (value) {
                add(line, 'td', '', value !== null && typeof value === 'object' ? JSON.stringify(value) : String(value));
              });
            });
            if (result.overflow) add(parent, 'p', 'text', 'There are more rows.');
          }
          function bundle(parent, data) {
            var image = ['image/png', 'image/jpeg', 'image/gif'].filter(function (type) { return data[type]; })[0];
            if (image) add(parent, 'img').src = 'data:' + image + ';base64,' + data[image].replace(/\s/g, '');
            else if (data['image/svg+xml']) {
              add(parent, 'img').src = 'data:image/svg+xml,' + encodeURIComponent(data['image/svg+xml']);
            } else if (data['text/html']) frame(parent, data['text/html']);
            else if (data['text/markdown']) add(parent, 'div', 'text', data['text/markdown']);
            else if (data['text/plain'] !== undefined) add(parent, 'pre', '', plain(data['text/plain']));
            else add(parent, 'pre', '', JSON.stringify(data, null, 1));
          }
          function show(parent, result) {
            if (!result) return;
            if (result.type === 'listResults') result.data.forEach(function (one) { show(parent, one); });
            else if (result.type === 'ansi') add(parent, 'pre', '', plain(result.data));
            else if (result.type === 'html') frame(parent, result.data);
            else if (result.type === 'table') table(parent, result);
            else if (result.type === 'mimeBundle') bundle(parent, result.data);
            else if (result.type === 'error') {
              add(parent, 'pre', 'error', plain(result.summary + (result.cause ? '\n' + result.cause : '')));
            } else add(parent, 'pre', '', JSON.stringify(result.data, null, 1));
          }
          model.commands.slice().sort(function (a, b) { return a.position - b.position; }).forEach(function (command) {
            var section = add(main, 'section');
            if (command.showCommandTitle && command.commandTitle) add(section, 'h2', '', command.commandTitle);
            var text = /^%md(-sandbox)?\s/.exec(command.command);
            if (text) add(section, 'div', 'text', command.command.slice(text[0].length));
            else if (!command.hideCommandCode) add(section, 'pre', 'code', command.command);
            if (command.results && !command.hideCommandResult) show(add(section, 'div', 'output'), command.results);
          });
        })();
        """#
}
