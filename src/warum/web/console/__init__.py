"""The console: the pages on which the operator's people work.

**How a page is made.** Three things, always the same three (``pages/settings.py`` is the fullest example):

1. *A function* in a module of ``pages/`` that is listed in ``pages/__init__.py``. It gets a ``Visit`` (the request, the
   person behind it, their language and formats) and returns a response. It asks operations for everything::

       @pages.get("/programs/{program}")
       def show(visit: Visit) -> Response:
           found = visit.perform("program.show", program=visit.request.path_params["program"])
           return visit.page("pages/program.html", program=_line(visit, found))

   ``visit.perform`` raises ``Refused`` for a no, which becomes an error page, or a message for htmx; ``visit.attempt``
   returns the ``Refusal`` for a form that shows it beside its field (``visit.refilled``). A form is posted, taken, and
   answered by ``visit.redirect(to, Toast(text, Undo(action, fields)))``. The tokens against forged forms, the session,
   and the sign-in that keeps what was typed are settled before the function is called.
2. *A view model* where the page needs more than the operation's output: a frozen dataclass with what the template
   shows. Templates decide nothing and count nothing.
3. *A template* in ``templates/pages`` that extends ``layout/shell.html``, sets ``section`` to its part of the
   navigation (``sections.py``; a part appears once its path has a page) and fills the blocks ``title``, ``tools``,
   ``content``, ``scripts`` and ``keys``. Everything visible comes from the macros ``ui`` (``templates/components``, all
   shown on ``/style``), every text from ``t("key")`` (``words/``, a file for each subject, both languages in one line),
   every number, amount and moment from ``f`` (``formats.py``).

**Parts of pages.** htmx 4: an answer to it is a page of which it takes a part (``hx-select``), or
``visit.block(template, block, ...)`` for one block alone. Attributes are not inherited unless they say so
(``hx-target:inherited``). Answers of 4xx are put in place as well; only 204 and 304 are not. ``hx-sse:connect`` opens a
stream of events: those without a name are put in place, those with one are DOM events; ``ui.live()`` shows how the
stream goes. No ``hx-on``, no filters in ``hx-trigger``, no inline script or style: the policy forbids them.

**Keys.** ``data-jump`` on a link of the navigation (``g`` and a letter), ``data-row`` on what ``j`` and ``k`` step
through, ``data-key`` on a button or link (``ui.button(key="a")``): inside the row that has the focus first, then on the
page. ``data-search`` is where ``/`` goes.

**Script and style.** Sources are in ``static/``, built by ``tools/build_web.py``: all of ``css/`` and ``js/`` by name
into one file each, ``chart/`` with uPlot into the one that pages with charts load (``ui.chart_script()``)."""
