one \
line
a\b c\\
<%text>${not} evaluated
% nor this
</%text>
<%doc>
 a comment ${over}
 lines
</%doc>
$ {no} $x {x}
${ "a" "}" + '}' }${'''triple " quoted'''}
${message
  | trim}
${{"a": [1, 2]}["a"][1]}
${"<b> & 'c'" | h}|${"  x " | trim}|${None}|${None | comma,n}|${["a", "b"] | comma,n}|${"s" | comma,n}
${undefined_name or "nothing"}${"" if undefined_name else "."}
${context.get("message")}${context.get("nothing", "pass")}
${f"{message!r:>30}"} ${lambda_ if False else (lambda x: x * 2)(4)}
ünïcode ${"é" * 2}
no line end at the end
