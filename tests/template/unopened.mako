a
% endfor
