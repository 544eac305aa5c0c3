% for i, name in list(enumerate(["a", "b in c", {"k": "}"}["k"]])):
${i}: ${name}${"," if not loop.last else "."} ${loop.index}${loop.first}${loop.even} ${loop.cycle("x", "y")}
  % if i == 0:
  first
    ## a comment in a block
  % elif i == 1:
  % else:
  last
  % endif
% endfor
% for i in range(2):
% for j in range(i + 1):
${loop.parent.index}/${loop.index}
% endfor
% endfor
% if not branch_labels:
no labels
% endif
%% percent at the beginning of a line
  %% and behind blanks
100 % of % text
% if True:
% endif
% try:
${int("x")}
% except ValueError:
no number
% endtry
<% n = 3 %>\
% while n > 0:
${n}\
<% n -= 1 %>\
% endwhile
end
