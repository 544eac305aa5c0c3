<%inherit file="x.mako"/>
