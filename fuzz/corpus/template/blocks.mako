<%!
import re
import textwrap
from datetime import timedelta

def shout(text):
    # a comment with %> would end it
    return text.upper() + "!"
%>\
${shout(message)} ${re.sub(r"\W+", "_", message)}
<%
    names = [n.strip()
             for n in "one, two".split(",")]
    if names:
        first = names[0]
%>
${first} ${names}
% for name in names:
<%
    twice = name * 2
%>\
${twice}
% endfor
${(create_date + timedelta(days=1)).strftime("%Y-%m-%d %H:%M")} ${create_date.year}
