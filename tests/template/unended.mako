x
% if True:
y
