crlf ${message}
% if True:
yes
% endif
end \
same line